import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

const root = join(__dirname, '../..');
const copies = new Set<ChildProcess>();
afterAll(() => {
  for (const copy of copies) copy.kill('SIGKILL');
});

/** A process of the API that a test may end, once it is ready. */
export async function startCopy(env: Readonly<Record<string, string>>) {
  const port = await freePort();
  const child = spawn(process.execPath, ['scripts/serve.mjs'], {
    cwd: root,
    env: { PATH: process.env.PATH, ...JSON.parse(process.env.TEST_ENV ?? '{}'), ...env, PORT: String(port) },
  });
  copies.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      output += text;
    });
  }
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const origin = `http://127.0.0.1:${port}`;
  while (!(await isReady(origin))) if (child.exitCode !== null) throw new Error(output);
  return { child, exited, origin, output: () => output };
}

async function isReady(origin: string): Promise<boolean> {
  return fetch(`${origin}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
