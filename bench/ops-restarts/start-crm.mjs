import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startServices } from '../../scripts/services/dist/index.js';
import { startCopy } from './start-copy.mjs';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const crm = `${root}examples/crm`;

/** The reference app on Next.js, its production build, on a PostgreSQL with two replicas and a Redis of its own. */
export async function startCrm() {
  console.error('building the reference app');
  await run('pnpm', ['exec', 'turbo', 'run', 'build', '--filter', '@unite/example-crm...'], {
    cwd: root,
    maxBuffer: 1e8,
  });
  const services = await startServices({ env: {}, toolsDirectory: `${root}.unite/tools` });
  const env = {
    ...services.env,
    SESSION_SECRET: 'of the bench, and long enough to sign',
    CRM_DEMO: '1',
    KEYRING_FILE: `${await mkdtemp(join(tmpdir(), 'crm-keys-'))}/keys.json`,
    // HAProxy asks every 200 ms.
    READINESS_GRACE_MS: '1000',
  };
  for (const script of ['keyring', 'migrate', 'seed'])
    await run(process.execPath, [`scripts/${script}.mjs`], { cwd: crm, env: { ...process.env, ...env } });
  const { PATH, HOME } = process.env;
  return {
    /** As `unite deploy` starts it. */
    release: { command: [process.execPath, `${crm}/scripts/serve.mjs`], env: { PATH, HOME, ...env } },
    startCopy: (port) => startCopy(`${crm}/scripts/serve.mjs`, { port, env }),
    // Whose plan has no limit that this reaches.
    headers: { 'x-demo-workspace': 'meridian' },
    requests: [
      { method: 'GET', path: '/api/contacts' },
      { method: 'GET', path: '/contacts' },
      {
        method: 'POST',
        path: '/api/contacts',
        headers: { 'content-type': 'application/json' },
        body: '{"name":"Ada","email":"ada-{key}@restart.example"}',
      },
    ],
    close: () => services.close(),
  };
}
