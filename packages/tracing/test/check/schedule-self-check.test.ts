import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import { scheduleSelfCheck } from '../../src/check/schedule-self-check';

describe('scheduleSelfCheck', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('looks once after ten seconds, and warns of each trouble once', async () => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const clock = manualClock();
    let looked = 0;
    const check = () => {
      looked += 1;
      return [
        { code: 'A', subject: 'a', status: 'failed' as const, detail: 'is broken', remedy: 'Mend it' },
        { code: 'B', subject: 'b', status: 'warned' as const, detail: 'is odd' },
        { code: 'C', subject: 'c', status: 'passed' as const, detail: 'is well' },
      ];
    };
    const done = scheduleSelfCheck(check, clock, new AbortController().signal);
    await clock.advance(9_999);
    expect(looked).toBe(0);
    await clock.advance(1);
    await done;
    expect(warn.mock.calls.map(([message]) => message)).toEqual(['a: is broken. Mend it', 'b: is odd']);
  });

  it('is off when tracing has ended before', async () => {
    const ending = new AbortController();
    const done = scheduleSelfCheck(() => fail(), manualClock(), ending.signal);
    ending.abort();
    await done;
  });
});

function fail(): never {
  throw new Error('nobody should look');
}
