import { expect, it } from '@jest/globals';
import { queryTimeoutMs, soak } from '../harness/soak';

const minutes = Number(process.env.MINUTES ?? 5);

it(`tells the truth through ${minutes} minutes of random faults`, async () => {
  const { faults, failedReads, unhandled, ...numbers } = await soak(minutes * 60_000);
  process.stdout.write(
    `soak: ${JSON.stringify({ ...numbers, failedReads, faults, unhandled: unhandled.length })}\n`,
  );
  expect(unhandled).toEqual([]);
  expect(numbers).toMatchObject({ lost: 0, duplicated: 0, undead: 0, staleReads: 0 });
  expect(numbers.slowestMs).toBeLessThan(queryTimeoutMs + 1_000);
});
