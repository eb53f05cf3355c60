// Runs the build, as the application's role in place of the owner of the database; over TLS where it has a certificate.
import { takeAppRole } from '../../crm/scripts/app-role.mjs';
import { guardLog } from '../../crm/scripts/guard-log.mjs';
import { serveHttps } from '../../crm/scripts/serve-https.mjs';

guardLog();
const { DATABASE_URL, TLS_CERT_FILE: certPath, TLS_KEY_FILE: keyPath } = process.env;
if (DATABASE_URL) takeAppRole(process.env);
if (certPath && keyPath) serveHttps({ certPath, keyPath });
await import('../dist/server.js');
