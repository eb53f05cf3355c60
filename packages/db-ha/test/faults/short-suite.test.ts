import { expect, it } from '@jest/globals';
import { failover } from '../../suites/faults/harness/failover';
import { openLab } from '../../suites/faults/harness/lab';
import { readYourWrites } from '../../suites/faults/harness/read-your-writes';
import { loseReplica, replicaFaults } from '../../suites/faults/harness/replica-faults';
import { queryTimeoutMs, soak } from '../../suites/faults/harness/soak';

// The long form, with its figures, is `suite:faults`. Times are not asserted here: other suites run beside.

it('loses, doubles and invents no write when the primary is killed under load', async () => {
  const { failedReads, strangeErrors, ...figures } = await failover();
  expect({ failedReads, strangeErrors }).toEqual({ failedReads: [], strangeErrors: [] });
  expect(figures).toMatchObject({ lost: 0, duplicated: 0, undead: 0, staleReads: 0, writesOnOldPrimary: 0 });
});

it.each(replicaFaults)('fails no read when a replica is %s under load', async (fault) => {
  await using lab = await openLab({ hasProxies: true });
  expect(await loseReplica(lab, fault)).toMatchObject({ failedReads: [], staleReads: 0 });
});

it('shows every session its own writes while replay is paused at random', async () => {
  await using lab = await openLab();
  const { stale, fromReplicas, pauses } = await readYourWrites(lab, 2_000);
  expect(stale).toBe(0);
  expect(fromReplicas).toBeGreaterThan(100);
  expect(pauses).toBeGreaterThan(2);
});

it('tells the truth through some seconds of random faults', async () => {
  const { unhandled, slowestMs, ...figures } = await soak(15_000);
  expect(unhandled).toEqual([]);
  expect(figures).toMatchObject({ lost: 0, duplicated: 0, undead: 0, staleReads: 0 });
  expect(slowestMs).toBeLessThan(queryTimeoutMs + 2_000);
});
