import { expect, test } from '@jest/globals';
import { endsWithin } from '../src';
import { manualClock } from '../src/testing';

test('tells of work that ends in time, well or not', async () => {
  const clock = manualClock();
  expect(await endsWithin(Promise.resolve(), 10, clock)).toBe(true);
  expect(await endsWithin(Promise.reject(new Error('no')), 10, clock)).toBe(true);
});

test('waits no longer than it was told to', async () => {
  const clock = manualClock();
  const ended = endsWithin(new Promise(() => {}), 10, clock);
  await clock.advance(10);
  expect(await ended).toBe(false);
  const atOnce = endsWithin(new Promise(() => {}), -5, clock);
  await clock.advance(0);
  expect(await atOnce).toBe(false);
});
