import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { calmMs } from '../../src/testing';

test('a wait counts, and a pause of the process a moment of it', async () => {
  const waitedMs = await calmMs(async () => {
    for (let times = 0; times < 10; times += 1) await sleep(20);
  });
  expect(waitedMs).toBeGreaterThan(100);
  const pausedMs = await calmMs(async () => {
    const untilMs = performance.now() + 1_000;
    while (performance.now() < untilMs);
  });
  expect(pausedMs).toBeLessThanOrEqual(20);
});

test('what fails is thrown', async () => {
  await expect(calmMs(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
});
