// Runs the production build. The server is given the application's role in place of the owner's credentials.
import { access } from 'node:fs/promises';
import { takeAppRole } from './app-role.mjs';
import { guardLog } from './guard-log.mjs';
import { guardServer } from './guard-server.mjs';
import { serveHttps } from './serve-https.mjs';

guardLog();
const server = new URL('../.next/standalone/examples/crm/server.js', import.meta.url);

if (!process.env.DATABASE_URL) fail('DATABASE_URL is not set. It names the PostgreSQL primary.');
await access(server).catch(() => fail('There is no build yet. Run `pnpm build` in examples/crm first.'));

const { TLS_CERT_FILE: certPath, TLS_KEY_FILE: keyPath } = process.env;
if (Boolean(certPath) !== Boolean(keyPath)) fail('TLS_CERT_FILE and TLS_KEY_FILE belong together.');

takeAppRole(process.env);
if (certPath && keyPath) serveHttps({ certPath, keyPath });
guardServer();
process.env.NEXT_TELEMETRY_DISABLED = '1';
await import(server.href);

function fail(message) {
  console.error(`serve: ${message}`);
  process.exit(1);
}
