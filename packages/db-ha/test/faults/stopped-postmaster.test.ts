import { expect, it } from '@jest/globals';
import { openLab } from '../../suites/faults/harness/lab';
import { waitUntil } from '../../suites/patroni/harness/wait-until';

it('reads from a replica that takes connections again while there is no primary', async () => {
  await using lab = await openLab({
    hasProxies: true,
    healthCheckEveryMs: 300,
    failover: { timeoutMs: 5_000 },
  });
  const { db, primary, replicas, proxies } = lab;
  await replicas[1]?.kill('SIGKILL');
  const stateOf = (name: string) => db.status().nodes.find((node) => node.name === name);

  // As a stopped postmaster: what is connected goes on, and nobody else gets in.
  await proxies[1]?.set('refuse');
  await waitUntil(() => /takes no new connections/.test(stateOf('replica_1')?.reason ?? ''), {
    what: 'it is known to take no connections',
  });
  await primary.kill('SIGKILL');
  await waitUntil(() => db.status().primary === undefined, { what: 'the loss of the primary is noticed' });
  await proxies[1]?.set('pass');

  const { rows } = await db
    .readOnly({ consistency: 'eventual' })
    .query<{ name: string }>("SELECT current_setting('cluster_name') AS name");
  expect(rows).toEqual([{ name: 'replica_1' }]);
});
