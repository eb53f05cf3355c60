import { describe, expect, test } from '@jest/globals';
import { systemClock } from '../src/system-clock';
import { manualClock, settle } from '../src/testing';
import { wakeAfter } from '../src/wake-after';

describe('by the clock of a test', () => {
  test('calls back after the time, and not before', async () => {
    const clock = manualClock();
    let calls = 0;
    wakeAfter(clock, 100, () => {
      calls += 1;
    });
    await clock.advance(99);
    expect(calls).toBe(0);
    await clock.advance(1);
    expect(calls).toBe(1);
  });

  test('what is called off does not come, and leaves no sleeper', async () => {
    const clock = manualClock();
    let calls = 0;
    const callOff = wakeAfter(clock, 100, () => {
      calls += 1;
    });
    callOff();
    await settle();
    expect(clock.sleepers()).toBe(0);
    await clock.advance(200);
    expect(calls).toBe(0);
  });
});

describe("by the machine's clock", () => {
  test('calls back; what is called off does not come, nor does what is a month away', async () => {
    const called: string[] = [];
    const callOff = wakeAfter(systemClock, 1, () => called.push('called off'));
    const callOffLater = wakeAfter(systemClock, 2 ** 40, () => called.push('in years'));
    callOff();
    await new Promise<void>((resolve) => {
      wakeAfter(systemClock, 5, resolve);
    });
    callOffLater();
    expect(called).toEqual([]);
  });
});
