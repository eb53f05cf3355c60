import { type PostgresNode, startPostgres } from '@unite/services';
import pg from 'pg';
import { type Cluster, type ClusterOptions, createCluster, type NodeOptions } from '../../../src';

/** A primary with two standbys, clusters over them, and a way to look at a server that goes past every cluster. */
export interface Lab extends AsyncDisposable {
  readonly primary: PostgresNode;
  readonly one: PostgresNode;
  readonly two: PostgresNode;
  /** The servers as nodes, with their names. */
  readonly nodes: readonly [NodeOptions, NodeOptions, NodeOptions];
  /** A cluster over all of them, which gives none up because the machine is busy; closed with the lab. */
  open(options?: Partial<ClusterOptions<pg.Pool>>): Cluster<pg.Pool>;
  /** A statement straight to one server. */
  ask<Row extends pg.QueryResultRow>(node: PostgresNode, text: string, values?: unknown[]): Promise<Row[]>;
  /** How many connections are busy with a statement, or inside a transaction with it as the last one. */
  working(node: PostgresNode, text: string): Promise<number>;
  /** Has `held` wait at this server. @returns what lets it go on */
  hold(node: PostgresNode): Promise<() => Promise<void>>;
  /** Ends the connections whose last statement is like `pattern`. @returns how many there were */
  terminate(pattern: string, node?: PostgresNode): Promise<number>;
  /** Waits until both standbys have replayed what the primary has written. */
  replayed(): Promise<void>;
}

/** A statement that lasts for as long as its server is told to hold it, and no time without. */
export const held = 'SELECT pg_advisory_xact_lock_shared(4711)';

/** Longer than any answer takes; a server that is killed refuses at once. */
const patienceMs = 30_000;

/** Starts the servers. */
export async function startLab(): Promise<Lab> {
  const servers = await startPostgres({ replicas: 2 });
  const [primary, one, two] = servers.nodes;
  if (!one || !two) throw new Error('two standbys were asked for');
  const opened: Cluster<pg.Pool>[] = [];
  const pools = new Map(servers.nodes.map((node) => [node, openPool(node.url)]));
  const nodes = [primary, one, two].map(({ name, url }) => ({ name, url })) as unknown as Lab['nodes'];
  const lab: Lab = {
    primary,
    one,
    two,
    nodes,
    open(options = {}) {
      const pool = { connectTimeoutMs: patienceMs, ...options.pool };
      const cluster = createCluster({ nodes, Pool: pg.Pool, probeTimeoutMs: patienceMs, ...options, pool });
      opened.push(cluster);
      return cluster;
    },
    async ask<Row extends pg.QueryResultRow>(node: PostgresNode, text: string, values?: unknown[]) {
      const result = await pools.get(node)?.query<Row>(text, values);
      return result?.rows ?? [];
    },
    async working(node, text) {
      const [row] = await lab.ask<{ count: number }>(
        node,
        `SELECT count(*)::int AS count FROM pg_stat_activity WHERE state <> 'idle' AND query = $1`,
        [text],
      );
      return row?.count ?? 0;
    },
    async hold(node) {
      const holder = new pg.Client(node.url);
      holder.on('error', () => undefined);
      await holder.connect();
      await holder.query('SELECT pg_advisory_lock(4711)');
      return () => holder.end();
    },
    async terminate(pattern, node = primary) {
      const ended = await lab.ask(
        node,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE $1 AND pid <> pg_backend_pid()`,
        [pattern],
      );
      return ended.length;
    },
    async replayed() {
      const [written] = await lab.ask<{ lsn: string }>(primary, 'SELECT pg_current_wal_lsn()::text AS lsn');
      for (const node of [one, two]) {
        for (;;) {
          const [replica] = await lab.ask<{ is_there: boolean }>(
            node,
            'SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn AS is_there',
            [written?.lsn],
          );
          if (replica?.is_there) break;
        }
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(opened.map((cluster) => cluster.close({ timeoutMs: 500 })));
      for (const pool of pools.values()) void pool.end().catch(() => undefined);
      await servers.close();
    },
  };
  return lab;
}

function openPool(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 3, application_name: 'lab' });
  pool.on('error', () => undefined);
  return pool;
}
