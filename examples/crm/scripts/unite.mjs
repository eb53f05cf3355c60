// The `unite` command line for this application, with the environment that it runs with: DATABASE_URL and the rest, else
// what `npm start` has left for it.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseEnv } from 'node:util';
import { takeAppRole } from './app-role.mjs';

const started = fileURLToPath(new URL('../../../.unite/app.env', import.meta.url));

if (!process.env.DATABASE_URL) {
  if (existsSync(started)) {
    process.loadEnvFile(started);
    const { NODE_EXTRA_CA_CERTS } = parseEnv(readFileSync(started, 'utf8'));
    // Whom Node.js trusts it reads when it starts: it is started again.
    if (NODE_EXTRA_CA_CERTS) {
      const env = { ...process.env, NODE_EXTRA_CA_CERTS };
      const { status } = spawnSync(process.execPath, process.argv.slice(1), { stdio: 'inherit', env });
      process.exit(status ?? 1);
    }
  } else {
    console.error('unite: DATABASE_URL is not set, and `npm start` does not run.');
    process.exit(2);
  }
}
takeAppRole(process.env);
process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const manifest = createRequire(import.meta.url).resolve('@unite/ops/package.json');
await import(new URL('dist/cli.js', pathToFileURL(manifest)).href);
