import { expect, it } from '@jest/globals';
import { openLab } from '../../suites/faults/harness/lab';
import { loseReplica, replicaFaults } from '../../suites/faults/harness/replica-faults';

// The long form, with its figures, is `suite:faults`. Times are not asserted here: other suites run beside.

it.each(replicaFaults)('fails no read when a replica is %s under load', async (fault) => {
  await using lab = await openLab({ hasProxies: true });
  expect(await loseReplica(lab, fault)).toMatchObject({ failedReads: [], staleReads: 0 });
});
