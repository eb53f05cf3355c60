import { expect, it } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import { within } from '../../src/node/within';

it('brings what comes in time, and leaves no timer', async () => {
  const clock = manualClock();
  await expect(within(clock, 1_000, Promise.resolve(7))).resolves.toBe(7);
  await expect(within(clock, 1_000, Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(clock.sleepers()).toBe(0);
});

it('fails when the time is up', async () => {
  const clock = manualClock();
  const waiting = within(clock, 1_000, new Promise(() => undefined));
  const failed = expect(waiting).rejects.toThrow('no answer within 1000 ms');
  await clock.advance(1_000);
  await failed;
});

it('takes an answer that lay in the socket while the event loop was busy', async () => {
  const clock = { ...manualClock(), sleep: () => Promise.resolve() };
  const answer = new Promise((resolve) => setImmediate(resolve, 'here'));
  await expect(within(clock, 1_000, answer)).resolves.toBe('here');
});
