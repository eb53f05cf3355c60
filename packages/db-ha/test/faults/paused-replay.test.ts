import { expect, it } from '@jest/globals';
import { openLab } from '../../suites/faults/harness/lab';
import { readYourWrites } from '../../suites/faults/harness/read-your-writes';

// The long form, with its figures, is `suite:faults`. Times are not asserted here: other suites run beside.

it('shows every session its own writes while replay is paused at random', async () => {
  await using lab = await openLab();
  const { stale, fromReplicas, pauses } = await readYourWrites(lab, 2_000);
  expect(stale).toBe(0);
  expect(fromReplicas).toBeGreaterThan(100);
  expect(pauses).toBeGreaterThan(2);
});
