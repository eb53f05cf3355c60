import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll } from '@jest/globals';

const root = fileURLToPath(new URL('../..', `file://${__dirname}/`));
const copies = new Set<ChildProcess>();
afterAll(() => {
  for (const copy of copies) copy.kill('SIGKILL');
});

/** One more process of the application, on the servers of most tests, which a test may end. */
export async function startCopy(env: Record<string, string> = {}) {
  const port = await freePort();
  const copy = spawn(process.execPath, ['scripts/serve.mjs'], {
    cwd: root,
    env: {
      NODE_ENV: 'production',
      PATH: process.env.PATH,
      DATABASE_URL: process.env.TEST_DATABASE_URL,
      REPLICA_URLS: process.env.TEST_REPLICA_URLS,
      SESSION_SECRET: process.env.TEST_SESSION_SECRET,
      KEYRING_FILE: process.env.TEST_KEYRING_FILE,
      CRM_DEMO: '1',
      HOSTNAME: '127.0.0.1',
      PORT: String(port),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  copies.add(copy);
  let output = '';
  for (const stream of [copy.stdout, copy.stderr]) stream.on('data', (text) => (output += text));
  const exited = once(copy, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const origin = `http://127.0.0.1:${port}`;
  return { copy, exited, origin, output: () => output };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export async function untilReady(origin: string): Promise<void> {
  const deadlineAtMs = Date.now() + 150_000;
  while (
    !(await fetch(`${origin}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    if (Date.now() > deadlineAtMs) throw new Error(`${origin} was not ready within 150 s`);
  }
}
