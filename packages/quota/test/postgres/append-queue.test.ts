import { expect, test } from '@jest/globals';
import { settle } from '@unite/shared/testing';
import { AppendQueue } from '../../src/postgres/append-queue';
import type { Append, Tell, Verdict } from '../../src/postgres/append-types';
import { event } from './support/event';

interface Written {
  readonly batch: readonly Append[];
  readonly tell: Tell;
  /** Ends the batch; what was not told is told this. */
  end(verdict: Verdict): void;
}

/** A queue whose batches end when the test says so. */
function startQueue(options: { maxBatch?: number; gatherMs?: number; timeoutMs?: number } = {}) {
  const written: Written[] = [];
  const write = (batch: readonly Append[], tell: Tell) =>
    new Promise<void>((resolve) => {
      const end = (verdict: Verdict) => {
        for (const append of batch) tell(append, verdict);
        resolve();
      };
      written.push({ batch, tell, end });
    });
  const queue = new AppendQueue({
    write,
    maxQueuedEvents: 100,
    maxBatch: 100,
    gatherMs: 0,
    timeoutMs: 10_000,
    ...options,
  });
  return { queue, written };
}

const stored: Verdict = { outcome: 'stored', fingerprint: 'f' };
const busy: Verdict = { outcome: 'busy' };

test('has one batch under way, and what comes meanwhile is the next', async () => {
  const { queue, written } = startQueue({ maxBatch: 3 });
  const first = [queue.append({ event: event(), epoch: 1 }), queue.append({ event: event(), epoch: 1 })];
  await settle();
  const later = Array.from({ length: 4 }, () => queue.append({ event: event(), epoch: 1 }));
  await settle();
  expect(written.map(({ batch }) => batch.length)).toEqual([2]);
  written[0]?.end(stored);
  await settle();
  expect(written.map(({ batch }) => batch.length)).toEqual([2, 3]);
  written[1]?.end(stored);
  await settle();
  written[2]?.end(stored);
  expect(await Promise.all([...first, ...later])).toEqual(Array(6).fill('stored'));
  expect(queue.waiting).toBe(0);
});

test('what gathers waits for others, for a full batch, or for the end', async () => {
  const { queue, written } = startQueue({ maxBatch: 3, gatherMs: 3_600_000, timeoutMs: 7_200_000 });
  const some = [queue.append({ event: event(), epoch: 1 }), queue.append({ event: event(), epoch: 1 })];
  await settle();
  expect(written).toEqual([]);
  some.push(queue.append({ event: event(), epoch: 1 }));
  await settle();
  expect(written.map(({ batch }) => batch.length)).toEqual([3]);
  const last = queue.append({ event: event(), epoch: 1 });
  written[0]?.end(stored);
  await Promise.all(some);
  await settle();
  expect(written).toHaveLength(1);
  const closed = queue.close(7_200_000);
  await settle();
  written[1]?.end(stored);
  await closed;
  expect(await last).toBe('stored');
});

test('what gathers is written when its time has come', async () => {
  const { queue, written } = startQueue({ gatherMs: 1 });
  const waiting = queue.append({ event: event(), epoch: 1 });
  while (written.length === 0) await settle();
  written[0]?.end(stored);
  expect(await waiting).toBe('stored');
});

test('what is busy comes again, and keeps nothing else from being written', async () => {
  const { queue, written } = startQueue();
  const waiting = queue.append({ event: event(), epoch: 1 });
  await settle();
  written[0]?.end(busy);
  const other = queue.append({ event: event({ tenantId: 'other' }), epoch: 1 });
  await settle();
  written[1]?.end(stored);
  expect(await other).toBe('stored');
  expect(queue.waiting).toBe(1);
  while (written.length < 3) await settle();
  written[2]?.end(stored);
  expect(await waiting).toBe('stored');
});

test('what nobody waits for any more is not written', async () => {
  const { queue, written } = startQueue({ timeoutMs: 1_000 });
  const first = queue.append({ event: event(), epoch: 1 });
  await settle();
  const second = queue.append({ event: event(), epoch: 1 });
  for (const late of [first, second])
    await expect(late).rejects.toMatchObject({ code: 'UNITE_QUOTA_UNAVAILABLE' });
  expect(queue.waiting).toBe(0);
  written[0]?.end(stored);
  await settle();
  expect(written).toHaveLength(1);
  const third = queue.append({ event: event({ id: 'third' }), epoch: 1 });
  await settle();
  expect(written[1]?.batch).toMatchObject([{ event: { id: 'third' } }]);
  written[1]?.end(stored);
  expect(await third).toBe('stored');
});

test.each<[string, Verdict, Verdict['outcome'] | 'error']>([
  ['stored', stored, 'repeated'],
  ['repeated', { outcome: 'repeated', fingerprint: 'f' }, 'repeated'],
  [
    'reused, by which the second is the one that is there',
    { outcome: 'reused', fingerprint: 'f' },
    'repeated',
  ],
  ['reused by a third', { outcome: 'reused', fingerprint: 'g' }, 'reused'],
  ['stale', { outcome: 'stale' }, 'stale'],
])('the second of an id is told by the first: %s', async (_, verdict, expected) => {
  const { queue, written } = startQueue();
  const one = event({ fingerprint: 'f' });
  const first = queue.append({ event: one, epoch: 1 });
  const second = queue.append({ event: one, epoch: 1 });
  await settle();
  expect(written[0]?.batch).toHaveLength(1);
  written[0]?.end(verdict);
  expect(await first).toBe(verdict.outcome);
  expect(await second).toBe(expected);
});

test('the second of an id that failed fails with it', async () => {
  const { queue, written } = startQueue();
  const one = event();
  const both = [queue.append({ event: one, epoch: 1 }), queue.append({ event: one, epoch: 2 })];
  await settle();
  const error = new Error('gone');
  written[0]?.end({ outcome: 'failed', error });
  for (const append of both) await expect(append).rejects.toBe(error);
});
