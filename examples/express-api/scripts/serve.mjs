// Runs the build, as the application's role in place of the owner of the database.
import { takeAppRole } from '../../crm/scripts/app-role.mjs';

if (process.env.DATABASE_URL) takeAppRole(process.env);
await import('../dist/server.js');
