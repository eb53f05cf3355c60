// Runs the production build. The server is given the application's role in place of the owner's credentials.
import { access } from 'node:fs/promises';
import { asAppRole } from './app-role.mjs';

const server = new URL('../.next/standalone/examples/crm/server.js', import.meta.url);

const ownerUrl = process.env.DATABASE_URL;
if (!ownerUrl) fail('DATABASE_URL is not set. It names the PostgreSQL primary.');
await access(server).catch(() => fail('There is no build yet. Run `pnpm build` in examples/crm first.'));

const replicaUrls = (process.env.REPLICA_URLS ?? '').split(',').filter((url) => url.trim());
process.env.DATABASE_URL = asAppRole(ownerUrl, ownerUrl);
process.env.REPLICA_URLS = replicaUrls.map((url) => asAppRole(url.trim(), ownerUrl)).join(',');
process.env.NEXT_TELEMETRY_DISABLED = '1';
await import(server.href);

function fail(message) {
  console.error(`serve: ${message}`);
  process.exit(1);
}
