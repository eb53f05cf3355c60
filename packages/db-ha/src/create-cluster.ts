import { checkClusterOptions } from './check-cluster-options';
import { ClusterCore } from './cluster-core';
import { clusterPool } from './cluster-pool';
import type { PgPool } from './driver-types';
import { forwardEvents } from './forward-events';
import { settingsOf } from './settings';
import type { Cluster, ClusterOptions } from './types';

/**
 * A pool over a PostgreSQL primary and its replicas, for everything that takes a pool of `pg`.
 *
 * Opens nothing and starts nothing: the first query does, or `ready()`.
 *
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * const db = createCluster({ nodes: [{ url: PRIMARY_URL }, { url: REPLICA_URL }], Pool: pg.Pool });
 * await db.query('INSERT INTO contacts (name) VALUES ($1)', ['Ada']);
 * await db.readOnly().query('SELECT name FROM contacts'); // sees Ada, from a replica
 */
export function createCluster<Pool extends PgPool>(options: ClusterOptions<Pool>): Cluster<Pool> {
  checkClusterOptions(options);
  const settings = settingsOf(options);
  const core = new ClusterCore(options.nodes, settings, (node) =>
    forwardEvents(node, () => pool as { emit?: (event: string, ...values: unknown[]) => unknown }),
  );
  const pool = clusterPool(core, settings.Pool);
  return pool;
}
