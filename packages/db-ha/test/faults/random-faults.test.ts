import { expect, it } from '@jest/globals';
import { queryTimeoutMs, soak } from '../../suites/faults/harness/soak';

// The long form, with its figures, is `suite:faults`. Times are not asserted here: other suites run beside.

it('tells the truth through some seconds of random faults', async () => {
  const { unhandled, slowestMs, ...figures } = await soak(15_000);
  expect(unhandled).toEqual([]);
  expect(figures).toMatchObject({ lost: 0, duplicated: 0, undead: 0, staleReads: 0 });
  expect(slowestMs).toBeLessThan(queryTimeoutMs + 2_000);
});
