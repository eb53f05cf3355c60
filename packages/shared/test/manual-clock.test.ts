import { describe, expect, it } from '@jest/globals';
import { manualClock, settle } from '../src/testing/manual-clock';

describe('manualClock', () => {
  it('wakes each sleeper at its own instant, in order', async () => {
    const clock = manualClock(0);
    const woken: [string, number][] = [];
    void clock.sleep(20).then(() => woken.push(['late', clock.monotonicMs()]));
    void clock.sleep(10).then(() => woken.push(['early', clock.wallMs()]));
    await clock.advance(5);
    expect(woken).toEqual([]);
    expect(clock.sleepers()).toBe(2);
    await clock.advance(50);
    expect(woken).toEqual([
      ['early', 10],
      ['late', 20],
    ]);
    expect(clock.monotonicMs()).toBe(55);
  });

  it('ends a sleep with its signal', async () => {
    const clock = manualClock();
    const abort = new AbortController();
    const sleep = clock.sleep(10, abort.signal);
    abort.abort(new Error('enough'));
    await expect(sleep).rejects.toThrow('enough');
    await expect(clock.sleep(10, abort.signal)).rejects.toThrow('enough');
    await settle();
    expect(clock.sleepers()).toBe(0);
  });
});
