import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('..', `file://${__dirname}/`));
const copies = new Set<ChildProcess>();
afterAll(() => {
  for (const copy of copies) copy.kill('SIGKILL');
});

/** A server of its own, which a test may end. */
async function startCopy(env: Record<string, string> = {}) {
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

async function untilReady(origin: string): Promise<void> {
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

async function openStream(origin: string) {
  const response = await fetch(`${origin}/api/usage`, { headers: { accept: 'text/event-stream' } });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  await reader.read();
  return async () => {
    while (!(await reader.read()).done);
  };
}

test('SIGTERM, sent twice: readiness fails, requests are answered, streams end, and it exits with 0', async () => {
  const { copy, exited, origin, output } = await startCopy({ READINESS_GRACE_MS: '5000' });
  await untilReady(origin);
  const streams = await Promise.all(Array.from({ length: 30 }, () => openStream(origin)));

  const atMs = performance.now();
  copy.kill('SIGTERM');
  copy.kill('SIGTERM');
  const stillAnswered: number[] = [];
  let ready = await fetch(`${origin}/health/ready`);
  while (ready.status !== 503) ready = await fetch(`${origin}/health/ready`);
  expect(await ready.json()).toMatchObject({ state: 'draining', status: 'down', groups: { ready: 'down' } });
  expect((await fetch(`${origin}/health/live`)).status).toBe(200);
  const headers = { 'x-demo-workspace': 'meridian' };
  while (performance.now() - atMs < 1_000)
    stillAnswered.push((await fetch(`${origin}/api/contacts`, { headers })).status);
  expect(new Set(stillAnswered)).toEqual(new Set([200]));

  await Promise.all(streams.map((end) => end()));
  expect(await exited).toEqual([0, null]);
  // It is cut off at 25 seconds.
  expect(performance.now() - atMs).toBeLessThan(15_000);
  expect(output()).not.toMatch(/error/i);
});

test('SIGTERM while it starts: it ends', async () => {
  const { copy, exited, origin } = await startCopy();
  // As soon as anybody answers at all.
  while (
    !(await fetch(`${origin}/health/live`).then(
      () => true,
      () => false,
    ))
  );
  copy.kill('SIGTERM');
  const [code, signal] = await exited;
  expect([0, 143, null]).toContain(code);
  expect([null, 'SIGTERM']).toContain(signal);
});
