import { describe, expect, it } from '@jest/globals';
import { backgroundClock } from '../src/background-clock';

describe('backgroundClock', () => {
  it('sleeps, and is woken by a signal', async () => {
    const abort = new AbortController();
    await backgroundClock.sleep(1, abort.signal);
    await backgroundClock.sleep(1);
    const sleep = backgroundClock.sleep(60_000, abort.signal);
    abort.abort(new Error('enough'));
    await expect(sleep).rejects.toThrow('enough');
    await expect(backgroundClock.sleep(1, abort.signal)).rejects.toThrow('enough');
  });
});
