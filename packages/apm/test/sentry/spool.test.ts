import { fork } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { parseEnvelope } from '@sentry/core';
import { sentry } from '../../src/sentry';
import type { Sink } from '../../src/sink-types';
import { errorEvent, host } from './support/events';
import { ok, type Receiver, startReceiver, status } from './support/receiver';

/** Of a process that has ended. */
let deadId: number;
let receiver: Receiver;
let spoolDirectory: string;
let folder: string;

beforeEach(async () => {
  const child = fork('-e', { execArgv: ['-e', '0'], stdio: 'ignore' });
  deadId = child.pid ?? 0;
  await once(child, 'exit');
  receiver = await startReceiver(status(503));
  spoolDirectory = mkdtempSync(join(tmpdir(), 'unite-spool-'));
  folder = join(spoolDirectory, 'sentry-42-abc123');
});
afterEach(async () => {
  await receiver.stop();
  rmSync(spoolDirectory, { recursive: true });
});

function started(): Sink {
  const sink = sentry({ dsn: receiver.dsn });
  sink.start?.({ ...host, spoolDirectory });
  return sink;
}

/** As if the process of the files had died. */
function bury(): void {
  for (const name of readdirSync(folder)) {
    const { [Symbol.for('unite.apm.run.1')]: run } = globalThis as unknown as {
      [key: symbol]: { id: string };
    };
    writeFileSync(
      join(folder, name.replace(`${process.pid}-${run?.id}`, `${deadId}-${run?.id}`)),
      readFileSync(join(folder, name)),
    );
    rmSync(join(folder, name));
  }
}

const fileOf = (atMs: number, index: number, end = '.envelope') =>
  join(folder, `${atMs}-${index.toString(16).padStart(32, '0')}-error.${deadId}-${'a'.repeat(32)}${end}`);

test('what waits at a crash is kept, readable by its owner alone, and sent by the next run once', async () => {
  const sink = started();
  const events = [errorEvent(), errorEvent()];
  for (const event of events) sink.error?.(event);
  sink.feedback?.({ message: 'x' });
  sink.crash?.();
  sink.crash?.();
  expect(readdirSync(folder)).toHaveLength(3);
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);

  // Another one of the same, living process leaves them alone.
  const other = started();
  expect(other.stats().queued).toBe(0);
  await other.close();

  await sink.close({ timeoutMs: 0 });
  expect(sink.stats()).toEqual({ accepted: 3, sent: 0, queued: 3, dropped: {} });
  bury();
  const before = receiver.bodies.length;
  receiver.behave(ok);
  const next = started();
  expect(next.stats()).toEqual({ accepted: 3, sent: 0, queued: 3, dropped: {} });
  await next.flush();
  expect(next.stats()).toEqual({ accepted: 3, sent: 3, queued: 0, dropped: {} });
  expect(readdirSync(folder)).toEqual([]);
  const ids = receiver.ids().slice(before);
  expect(ids).toHaveLength(3);
  expect(new Set(ids).size).toBe(3);
  for (const { id } of events) expect(ids).toContain(id);
  await next.close();
});

test('what is sent after all leaves no file', async () => {
  const sink = started();
  sink.error?.(errorEvent());
  sink.crash?.();
  expect(readdirSync(folder)).toHaveLength(1);
  receiver.behave(ok);
  await sink.close();
  expect(sink.stats()).toMatchObject({ sent: 1, queued: 0 });
  expect(readdirSync(folder)).toEqual([]);
});

test('what waits at the end is kept for the next run, and its time of sending is that of then', async () => {
  const sink = started();
  sink.error?.(errorEvent());
  await sink.close({ timeoutMs: 0 });
  expect(sink.stats()).toMatchObject({ queued: 1, dropped: {} });
  bury();
  const [name = ''] = readdirSync(folder);
  const kept = readFileSync(join(folder, name), 'utf8');
  writeFileSync(
    join(folder, name),
    kept.replace(/"sent_at":"[^"]+"/, '"sent_at":"2020-01-01T00:00:00.000Z"'),
  );
  receiver.behave(ok);
  const next = started();
  await next.close();
  const body = receiver.bodies.at(-1) ?? Buffer.alloc(0);
  expect(Date.parse(String(parseEnvelope(body)[0].sent_at))).toBeGreaterThan(Date.now() - 60_000);
  expect(parseEnvelope(body)[1]).toEqual(parseEnvelope(Buffer.from(kept))[1]);
});

test('damaged files are removed and counted, those of others are left', async () => {
  await started().close();
  writeFileSync(fileOf(Date.now(), 1), '{"event_id":"1"}\n{"type":"event"}\n{"mess');
  writeFileSync(fileOf(Date.now(), 2), '');
  writeFileSync(fileOf(Date.now(), 3, '.envelope.part'), '{}');
  writeFileSync(join(folder, 'renamed.envelope'), '{}');
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  writeFileSync(fileOf(Date.now(), 4).replace(`${deadId}-`, '1-'), '{}\n{"type":"event"}\n{}');
  receiver.behave(ok);
  const sink = started();
  await sink.close();
  expect(sink.stats()).toEqual({ accepted: 4, sent: 0, queued: 0, dropped: { refused: 4 } });
  expect(readdirSync(folder)).toHaveLength(2);
  expect(receiver.bodies).toEqual([]);
});

test('of two that start together one takes a file over', async () => {
  await started().close();
  const from = fileOf(Date.now(), 1);
  const { [Symbol.for('unite.apm.run.1')]: run } = globalThis as unknown as { [key: symbol]: { id: string } };
  writeFileSync(from, '{}');
  // In place of a file that is gone: what it would become cannot be written.
  mkdirSync(from.replace(`${deadId}-${'a'.repeat(32)}`, `${process.pid}-${run?.id}`));
  const sink = started();
  expect(sink.stats()).toEqual({ accepted: 0, sent: 0, queued: 0, dropped: {} });
  await sink.close();
});

test('what is too old is dropped', async () => {
  await started().close();
  writeFileSync(fileOf(1_500_000_000_000, 1), '{}\n{"type":"event"}\n{}');
  const sink = started();
  await sink.flush();
  expect(sink.stats()).toEqual({ accepted: 1, sent: 0, queued: 0, dropped: { unreachable: 1 } });
  expect(readdirSync(folder)).toEqual([]);
  await sink.close();
});

test('the oldest go where there are too many, and are counted', async () => {
  const sink = started();
  for (const index of Array(1_002).keys()) {
    writeFileSync(fileOf(1_732_622_000_000 + index, index), '{}\n{"type":"event"}\n{}');
  }
  const next = started();
  for (const _ of Array(3)) next.error?.(errorEvent());
  next.crash?.();
  // Five are over: all from those that were claimed.
  expect(next.stats()).toMatchObject({ accepted: 1_005, queued: 1_000, dropped: { 'queue-full': 5 } });
  expect(readdirSync(folder)).toHaveLength(1_000);
  writeFileSync(fileOf(1_700_000_000_000, 1), Buffer.alloc(21 * 2 ** 20));
  // Of nobody's queue.
  sink.crash?.();
  expect(sink.stats()).toMatchObject({ accepted: 1, dropped: { 'queue-full': 1 } });
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
  await Promise.all([sink.close({ timeoutMs: 0 }), next.close({ timeoutMs: 0 })]);
});

test('a disk that takes nothing loses what waits at the end, and it is counted', async () => {
  writeFileSync(folder, 'no folder');
  chmodSync(folder, 0o400);
  const sink = started();
  sink.error?.(errorEvent());
  sink.crash?.();
  await sink.close({ timeoutMs: 0 });
  expect(sink.stats()).toEqual({ accepted: 1, sent: 0, queued: 0, dropped: { closed: 1 } });
});
