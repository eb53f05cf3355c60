import pg from 'pg';
import { type Cluster, type ClusterOptions, createCluster, idempotencyTableSql } from '../../../src';
import { createLedger } from './ledger';

/** The cluster under test, ready, with an empty ledger. Waits for a leader longer than Patroni needs. */
export async function openCluster(
  nodes: ClusterOptions<pg.Pool>['nodes'],
  options: Partial<ClusterOptions<pg.Pool>> = {},
): Promise<Cluster<pg.Pool>> {
  const db = createCluster({
    nodes,
    Pool: pg.Pool,
    failover: { timeoutMs: 40_000 },
    queryTimeoutMs: 45_000,
    ...options,
  });
  await db.ready({ timeoutMs: 60_000 });
  await db.query(idempotencyTableSql());
  await createLedger(db);
  return db;
}
