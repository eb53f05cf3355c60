import { expect, it } from '@jest/globals';
import { figures } from '../../patroni/harness/figures';
import { type FailoverFigures, failover } from '../harness/failover';
import { spread } from '../harness/spread';

const runs = Number(process.env.FAILOVERS ?? 50);

it(`loses nothing in ${runs} failovers under load`, async () => {
  const seen: FailoverFigures[] = [];
  for (let run = 1; run <= runs; run++) {
    const result = await failover();
    seen.push(result);
    const { failedReads, strangeErrors, ...numbers } = result;
    figures(`failover ${run}`, {
      ...numbers,
      failedReads: failedReads.length,
      strangeErrors: strangeErrors.length,
    });
    expect(failedReads).toEqual([]);
    expect(strangeErrors).toEqual([]);
    expect(numbers).toMatchObject({
      lost: 0,
      duplicated: 0,
      undead: 0,
      staleReads: 0,
      writesOnOldPrimary: 0,
    });
  }
  const sum = (pick: (one: FailoverFigures) => number) => seen.reduce((total, one) => total + pick(one), 0);
  figures(`${runs} failovers`, {
    acknowledged: sum(({ acknowledged }) => acknowledged),
    lost: sum(({ lost }) => lost),
    duplicated: sum(({ duplicated }) => duplicated),
    unknown: sum(({ unknown }) => unknown),
    reads: sum(({ reads }) => reads),
    'detected after ms (min/median/max)': spread(seen.map(({ detectedAfterMs }) => detectedAfterMs)),
    'first write after promotion ms (min/median/max)': spread(
      seen.map(({ firstWriteAfterMs }) => firstWriteAfterMs),
    ),
  });
  expect(Math.max(...seen.map(({ firstWriteAfterMs }) => firstWriteAfterMs))).toBeLessThan(500);
});
