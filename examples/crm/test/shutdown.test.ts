import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { startCopy, untilReady } from './support/start-copy';

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
  do stillAnswered.push((await fetch(`${origin}/api/contacts`, { headers })).status);
  while (performance.now() - atMs < 1_000);
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

test('a log on a full disk ends nothing: each line that is lost is told, and the next one is tried', async () => {
  const guard = pathToFileURL(`${__dirname}/../scripts/guard-log.mjs`).href;
  const program = `
    import { subscribe } from 'node:diagnostics_channel';
    import { createWriteStream } from 'node:fs';
    import { guardLog } from '${guard}';
    let lost = 0;
    subscribe('crm:log-lost', () => { lost += 1; });
    guardLog();
    console.log('one');
    setTimeout(() => {
      console.error('two');
      process.stdout.write('three');
      setTimeout(() => createWriteStream('', { fd: 3 }).end(String(lost)), 50);
    }, 50);`;
  const full = openSync('/dev/full', 'w');
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', full, full, 'pipe'],
  });
  closeSync(full);
  expect(await text(child.stdio[3] as Readable)).toBe('3');
});
