import { describe, expect, it } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import { LocalLog } from '../../src/log/local-log';
import { LogView } from '../../src/log/log-view';
import { Names } from '../../src/log/names';

function openLog() {
  return new LocalLog(new LogView(new Names(), Number.POSITIVE_INFINITY), manualClock());
}

describe('LocalLog', () => {
  it('remembers the last invalidation of a name, with what was said about it', async () => {
    const log = openLog();
    await log.invalidate(['ta'], { token: 'one' });
    await log.invalidate(['tb'], { token: 'two' });
    expect(await log.check(['ta'])).toMatchObject({
      invalidatedAt: 1,
      invalidatedMsAgo: 0,
      token: 'one',
      stamp: 2,
    });
    expect(await log.check(['tb', 'ta'])).toMatchObject({ invalidatedAt: 2, token: 'two' });
    expect(await log.check(['tc'])).toMatchObject({
      invalidatedAt: 0,
      invalidatedMsAgo: Infinity,
      token: undefined,
    });
    await log.invalidate(['*']);
    expect(await log.check(['tc', '*'])).toMatchObject({ invalidatedAt: 3, invalidatedMsAgo: Infinity });
  });

  it('holds back what depends on nothing having happened', async () => {
    const log = openLog();
    await log.invalidate(['ta']);
    expect(await log.invalidate(['tb'], { unless: { names: ['ta'], after: 0 } })).toEqual({
      acknowledged: true,
      names: [],
    });
    expect(await log.invalidate(['tb'], { unless: { names: ['ta'], after: 1 } })).toMatchObject({
      position: 2,
    });
  });

  it('takes what it has forgotten for invalidated', async () => {
    const log = openLog();
    await log.invalidate(['tfirst']);
    for (let at = 0; at < 10_000; at += 1) await log.invalidate([`t${at}`]);
    expect(await log.check(['tfirst'])).toMatchObject({ invalidatedAt: 1 });
    expect(await log.invalidate(['tx'], { unless: { names: ['ty'], after: 0 } })).toMatchObject({
      names: [],
    });
    expect(await log.invalidate(['tx'], { unless: { names: ['ty'], after: 1 } })).toMatchObject({
      names: ['tx'],
    });
  });
});
