import { type PostgresNode, startPostgres } from '@unite/services';
import pg from 'pg';

/** A PostgreSQL of its own. */
export interface TestDatabase extends AsyncDisposable {
  readonly url: string;
  readonly node: PostgresNode;
  /** Ended with the database. */
  pool(config?: pg.PoolConfig): pg.Pool;
}

export async function startDatabase(): Promise<TestDatabase> {
  const cluster = await startPostgres({ replicas: 0 });
  const pools: pg.Pool[] = [];
  return {
    url: cluster.primaryUrl,
    node: cluster.nodes[0],
    pool(config) {
      const pool = new pg.Pool({ connectionString: cluster.primaryUrl, ...config });
      // A server that is killed breaks idle connections.
      pool.on('error', () => undefined);
      pools.push(pool);
      return pool;
    },
    async [Symbol.asyncDispose]() {
      await cluster.nodes[0].kill('SIGCONT').catch(() => undefined);
      await Promise.all(pools.map((pool) => pool.end()));
      await cluster.close();
    },
  };
}
