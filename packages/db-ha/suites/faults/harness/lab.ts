import {
  type FaultProxy,
  type PostgresCluster,
  type PostgresNode,
  startFaultProxy,
  startPostgres,
} from '@unite/services';
import pg from 'pg';
import type { Cluster, ClusterOptions } from '../../../src';
import { openCluster } from '../../patroni/harness/open-cluster';
import { waitUntil } from '../../patroni/harness/wait-until';

/** A real cluster, a pool over it, and the means to break it. */
export interface Lab extends AsyncDisposable {
  readonly postgres: PostgresCluster;
  readonly primary: PostgresNode;
  readonly replicas: readonly PostgresNode[];
  readonly db: Cluster<pg.Pool>;
  /** One before each node, when asked for. */
  readonly proxies: readonly FaultProxy[];
}

/** Options of {@link openLab}. */
export interface LabOptions extends Partial<ClusterOptions<pg.Pool>> {
  /** A commit waits for one of the replicas, so that a failover loses nothing that was acknowledged. */
  readonly isSynchronous?: boolean;
  readonly hasProxies?: boolean;
}

export async function openLab({ isSynchronous, hasProxies, ...options }: LabOptions = {}): Promise<Lab> {
  const postgres = await startPostgres({ replicas: 2 });
  const [primary, ...replicas] = postgres.nodes;
  if (isSynchronous) {
    await ask(primary, `ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 (replica_1, replica_2)'`);
    await ask(primary, 'SELECT pg_reload_conf()');
  }
  const proxies = hasProxies
    ? await Promise.all(postgres.nodes.map(({ url }) => startFaultProxy({ target: url })))
    : [];
  const nodes = postgres.nodes.map(({ name, url }, index) => ({
    name,
    url: proxies[index]?.url(url) ?? url,
  }));
  const db = await openCluster(nodes, options);
  return {
    postgres,
    primary,
    replicas,
    db,
    proxies,
    async [Symbol.asyncDispose]() {
      await db.close({ timeoutMs: 5_000 });
      await Promise.all(proxies.map((proxy) => proxy.close()));
      await postgres.close();
    },
  };
}

/** One statement on a connection of its own, beside the pool under test. */
export async function ask<Row extends pg.QueryResultRow>(node: PostgresNode, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: node.url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

/** What an orchestrator does: promotes the replica that has received most. */
export async function promote(
  replicas: readonly PostgresNode[],
): Promise<{ node: PostgresNode; promotedAtMs: number }> {
  const received = await Promise.all(
    replicas.map(async (node) => {
      const [row] = await ask<{ lsn: string }>(
        node,
        `SELECT (COALESCE(pg_last_wal_receive_lsn(), '0/0') - '0/0'::pg_lsn)::text AS lsn`,
      );
      return { node, lsn: BigInt(row?.lsn ?? 0) };
    }),
  );
  const [best] = received.sort((a, b) => (a.lsn < b.lsn ? 1 : -1));
  if (!best) throw new Error('no replica to promote');
  const watcher = new pg.Client({ connectionString: best.node.url });
  await watcher.connect();
  try {
    await ask(best.node, 'SELECT pg_promote(false)');
    await waitUntil(
      async () =>
        (await watcher.query('SELECT pg_is_in_recovery() AS is_replica')).rows[0]?.is_replica === false,
      { what: 'the replica is promoted', everyMs: 1 },
    );
    return { node: best.node, promotedAtMs: performance.now() };
  } finally {
    await watcher.end();
  }
}
