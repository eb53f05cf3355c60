import type { PooledCluster, ProcessRecorder } from './process-types';

/** Connections of each node's pools, by what they do. */
export function recordPools(recorder: ProcessRecorder, clusters: readonly PooledCluster[]): void {
  for (const cluster of clusters) {
    try {
      recordCluster(recorder, cluster);
    } catch {
      // A cluster that cannot tell how it is does not keep the others from it.
    }
  }
}

function recordCluster(recorder: ProcessRecorder, cluster: PooledCluster): void {
  const { name = cluster.name ?? '', nodes } = cluster.status();
  for (const { name: node, pools } of nodes) {
    for (const { purpose, max, total, idle, waiting } of pools) {
      const pool = { cluster: name, node, purpose };
      recorder.gauge('db_pool_connections', total - idle, { ...pool, state: 'used' });
      recorder.gauge('db_pool_connections', idle, { ...pool, state: 'idle' });
      recorder.gauge('db_pool_waiting', waiting, pool);
      recorder.gauge('db_pool_connections_max', max, pool);
    }
  }
}
