import { expect, it } from '@jest/globals';
import { failover } from '../../suites/faults/harness/failover';

// The long form, with its figures, is `suite:faults`. Times are not asserted here: other suites run beside.

it('loses, doubles and invents no write when the primary is killed under load', async () => {
  const { failedReads, strangeErrors, ...figures } = await failover();
  expect({ failedReads, strangeErrors }).toEqual({ failedReads: [], strangeErrors: [] });
  expect(figures).toMatchObject({ lost: 0, duplicated: 0, undead: 0, staleReads: 0, writesOnOldPrimary: 0 });
});
