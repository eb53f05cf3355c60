import { expect, test } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import { QuotaError } from '../../src/errors';
import { type MemoryStoreOptions, memoryStore } from '../../src/store/memory-store';
import type { DecideCall, StoreLimit } from '../../src/store/store-types';

const startMs = Date.UTC(2026, 10, 26);
const hourUs = 3_600_000_000;
const calls: StoreLimit = {
  kind: 'quota',
  counter: 'calls',
  cap: 10,
  first: startMs * 1_000 - hourUs,
  second: startMs * 1_000 + 24 * hourUs,
};
const limits = [calls];

function open(options: MemoryStoreOptions = {}) {
  const clock = manualClock(startMs);
  const store = memoryStore({ clock, ...options });
  const callOf = (more: Partial<DecideCall> = {}): DecideCall => ({
    subject: 'tenant:a',
    limits,
    amounts: [1],
    isLedgered: false,
    keepMs: 60_000,
    ...more,
  });
  return {
    clock,
    store,
    callOf,
    decide: (more?: Partial<DecideCall>) => store.decide(callOf(more)),
    used: (subject = 'tenant:a') => {
      const reply = store.read({ subject, limits, isLedgered: false });
      return 'values' in reply && reply.values[0];
    },
  };
}

const hold = (id: string, expiresInMs = 1_000) => ({ id, expiresInMs, rememberMs: 1_000 });
const event = (id: string, rememberMs = 1_000) => ({ id, fingerprint: id, rememberMs });

test.each([
  [
    { maxSubjects: 0 },
    /memoryStore: option "maxSubjects" must be a whole number from 1 to 16,777,216, got 0/,
  ],
  [{ maxSubjects: 2 ** 24 + 1 }, /"maxSubjects" must be a whole number from 1 to 16,777,216, got 16777217/],
  [{ maxRemembered: 1.5 }, /"maxRemembered" must be a whole number from 1 to 16,777,216, got 1.5/],
  [{ clock: 'now' }, /"clock" must be an object, got "now"/],
  [{ maxSubject: 1 }, /unknown option "maxSubject"; known are maxSubjects, maxRemembered, clock/],
])('refuses %j', (options, message) => {
  expect(() => memoryStore(options as MemoryStoreOptions)).toThrow(message);
});

test('answers at once', () => {
  const { store, decide } = open();
  expect(store.isLocal).toBe(true);
  expect(decide()).toEqual({
    outcome: 'decided',
    nowUs: startMs * 1_000,
    refused: [],
    values: [1],
    epoch: 0,
    holdsUntilUs: 0,
  });
});

test('forgets who was asked for the longest time ago, and counts it', () => {
  const { store, decide, used } = open({ maxSubjects: 2 });
  decide({ subject: 'a', amounts: [1] });
  decide({ subject: 'b', amounts: [2] });
  decide({ subject: 'a', amounts: [1] });
  expect(store.evicted()).toBe(0);
  decide({ subject: 'c', amounts: [3] });
  expect(store.evicted()).toBe(1);
  expect(['a', 'b', 'c'].map(used)).toEqual([2, 0, 3]);
});

test('neither a refusal nor a reading makes room for a subject', () => {
  const { store, decide, used } = open({ maxSubjects: 1 });
  decide({ subject: 'a' });
  decide({ subject: 'b', amounts: [11] });
  decide({ subject: 'b', limits: [{ ...calls, second: calls.first }] });
  used('b');
  store.settle({ subject: 'b', limits, amounts: [1], holdId: 'h', keepMs: 1, rememberMs: 1 });
  expect(store.evicted()).toBe(0);
  expect(used('a')).toBe(1);
});

test('forgets a subject that was not used for the time it is kept', async () => {
  const { clock, store, decide, used } = open();
  decide({ amounts: [3] });
  await clock.advance(59_999);
  decide({ amounts: [4] });
  await clock.advance(59_999);
  expect(used()).toBe(7);
  await clock.advance(1);
  expect(used()).toBe(0);
  expect(decide({ amounts: [10] })).toMatchObject({ refused: [], values: [10] });
  expect(store.evicted()).toBe(0);
});

test('a shorter time does not shorten a longer one', async () => {
  const { clock, decide, used } = open();
  decide({ amounts: [3] });
  decide({ amounts: [4], keepMs: 1 });
  await clock.advance(59_000);
  expect(used()).toBe(7);
});

test.each([
  ['hold', { hold: hold('h', 90_000) }, 'settled'],
  ['event', { event: event('e', 90_000) }, 'repeated'],
])('keeps a subject as long as its %s', async (_, more, outcome) => {
  const { clock, store, decide } = open();
  decide(more);
  await clock.advance(89_000);
  const reply =
    outcome === 'repeated'
      ? decide(more)
      : store.settle({ subject: 'tenant:a', limits, amounts: [0], holdId: 'h', keepMs: 1, rememberMs: 1 });
  expect(reply.outcome).toBe(outcome);
});

test('refuses to promise what it could not remember, and charges nothing then', async () => {
  const { clock, decide, used } = open({ maxRemembered: 2 });
  for (const id of ['a', 'b']) decide({ hold: hold(id), event: event(id) });
  for (const more of [{ hold: hold('c') }, { event: event('c') }]) {
    expect(() => decide(more)).toThrow(
      expect.objectContaining({
        code: 'UNITE_QUOTA_UNAVAILABLE',
        message: expect.stringContaining('option "maxRemembered"'),
      }),
    );
  }
  expect(() => decide({ hold: hold('c') })).toThrow(QuotaError);
  expect(used()).toBe(2);
  expect(decide({ hold: hold('b') }).outcome).toBe('decided');
  expect(decide({ amounts: [1] })).toMatchObject({ refused: [], values: [4] });
  await clock.advance(2_000);
  expect(decide({ hold: hold('c'), event: event('c') })).toMatchObject({ values: [5] });
});

test('makes room by what is due, in whatever order it came', async () => {
  const { clock, decide } = open({ maxRemembered: 3 });
  decide({ event: event('long', 50_000) });
  decide({ event: event('short', 1_000) });
  decide({ event: event('middle', 3_000) });
  expect(() => decide({ event: event('a') })).toThrow(/no more events/);
  await clock.advance(1_000);
  expect(decide({ event: event('a', 20_000) }).outcome).toBe('decided');
  expect(() => decide({ event: event('b') })).toThrow(/no more events/);
  await clock.advance(2_000);
  expect(decide({ event: event('b') }).outcome).toBe('decided');
  expect(decide({ event: event('long') }).outcome).toBe('repeated');
});

test('a counter of one kind is none of another with the same name', () => {
  const { store, decide } = open();
  decide({ amounts: [5] });
  const places: StoreLimit = { kind: 'concurrency', counter: 'calls', cap: 1, first: 0, second: 0 };
  expect(decide({ limits: [places, calls], hold: hold('h'), amounts: [1, 1] })).toMatchObject({
    values: [1, 6],
  });
  const backoff: StoreLimit = { kind: 'backoff', counter: 'log-ins', cap: 1, first: 5, second: 9 };
  const both = [backoff, calls];
  expect(decide({ limits: both, amounts: [1, 1], hold: hold('i') })).toMatchObject({ refused: [] });
  const settlement = { subject: 'tenant:a', holdId: 'i', keepMs: 1_000, rememberMs: 1_000 };
  expect(store.settle({ ...settlement, limits: both, amounts: [7, 2] })).toMatchObject({ added: [0, 1] });
});

test('a settlement charges a counter that the hold did not have', () => {
  const { store, decide } = open();
  decide({ hold: hold('h') });
  const tokens = { ...calls, counter: 'tokens' };
  const settlement = { subject: 'tenant:a', holdId: 'h', keepMs: 1_000, rememberMs: 1_000 };
  expect(store.settle({ ...settlement, limits: [tokens, calls], amounts: [9, 1] })).toMatchObject({
    added: [9, 0],
    values: [9, 1],
  });
});

test('a cap beyond what a counter can hold exactly is no way to get there', () => {
  const { decide } = open();
  const endless = [{ ...calls, cap: Number.POSITIVE_INFINITY }];
  decide({ limits: endless, amounts: [Number.MAX_SAFE_INTEGER - 1] });
  expect(decide({ limits: endless, amounts: [2] })).toMatchObject({ refused: [0] });
  expect(decide({ limits: endless, amounts: [1] })).toMatchObject({ values: [Number.MAX_SAFE_INTEGER] });
});
