import { expect, test } from '@jest/globals';
import { backgroundClock, systemClock } from '../src/system-clock';

test('tells both times', () => {
  expect(Math.abs(systemClock.wallMs() - Date.now())).toBeLessThan(1_000);
  expect(systemClock.monotonicMs()).toBeLessThanOrEqual(systemClock.monotonicMs());
});

test('sleeps, and lets go of the signal', async () => {
  const { signal } = new AbortController();
  const before = systemClock.monotonicMs();
  await systemClock.sleep(5, signal);
  await systemClock.sleep(0);
  expect(systemClock.monotonicMs() - before).toBeGreaterThan(3);
});

test('rejects with the reason of the signal, before and during the sleep', async () => {
  const controller = new AbortController();
  const sleeping = systemClock.sleep(60_000, controller.signal);
  controller.abort('stop');
  await expect(sleeping).rejects.toBe('stop');
  await expect(systemClock.sleep(60_000, controller.signal)).rejects.toBe('stop');
});

test('waits in the background, and is woken by a signal', async () => {
  const controller = new AbortController();
  await backgroundClock.sleep(1, controller.signal);
  const sleeping = backgroundClock.sleep(60_000, controller.signal);
  controller.abort(new Error('enough'));
  await expect(sleeping).rejects.toThrow('enough');
});
