import { expect, test } from '@jest/globals';
import { watchOldReads } from '../../../src/testing/hazards/watch-old-reads';

const watch = { forMs: 1_000, calmMs: 500, everyMs: 5 };

test('ends when nobody is given the old value any more', async () => {
  let left = 3;
  const read = async () => (left-- > 0 ? 'old' : 'new');
  const seen = await watchOldReads({ read }, 'old', { ...watch, forMs: 10_000 });
  expect(seen).toMatchObject({ toTheEnd: false, threw: undefined });
  expect(seen.lastOldAtMs).toBeGreaterThanOrEqual(0);
});

test('says when the old value was served to the end', async () => {
  const seen = await watchOldReads({ read: async () => 'old' }, 'old', watch);
  expect(seen.toTheEnd).toBe(true);
  expect(seen.lastOldAtMs).toBeGreaterThan(100);
});

test('one reader that hangs does not keep the others from being watched', async () => {
  const readers = { hangs: () => new Promise(() => {}), reads: async () => 'old' };
  expect(await watchOldReads(readers, 'old', watch)).toMatchObject({ toTheEnd: true });
});

test('a read that hangs is no proof that the old value has gone', async () => {
  const seen = await watchOldReads({ hangs: () => new Promise(() => {}) }, 'old', watch);
  expect(seen).toEqual({ lastOldAtMs: undefined, toTheEnd: false, reads: 0, threw: undefined });
});

test('a read that returns after the watch has ended is not counted', async () => {
  let finish = (_: string): void => {};
  const late = new Promise<string>((resolve) => {
    finish = resolve;
  });
  const seen = await watchOldReads({ late: () => late }, 'old', watch);
  finish('old');
  await late;
  expect(seen.lastOldAtMs).toBeUndefined();
});

test('notes the first error', async () => {
  const read = async () => {
    throw new Error('no connection');
  };
  expect(await watchOldReads({ read }, 'old', watch)).toMatchObject({ threw: 'Error: no connection' });
});
