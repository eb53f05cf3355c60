import { type PostgresCluster, startPostgres } from '@unite/services';
import pg from 'pg';
import type { RoutableCluster } from '../../src/router';
import type { ReadOptions } from '../../src/types';

/** A primary's pool and a replica's, put together as a cluster is. */
export interface TwoPools extends AsyncDisposable {
  readonly cluster: pg.Pool & RoutableCluster<pg.Pool>;
  readonly primary: pg.Pool;
  readonly replica: pg.Pool;
  /** What `readOnly` was called with. */
  readonly reads: (ReadOptions | undefined)[];
}

/** Starts both servers. The primary answers a commit only when the replica shows it. */
export async function startTwoPools(schema: string): Promise<TwoPools> {
  const servers = await startPostgres({ replicas: 1 });
  try {
    const primary = new pg.Pool({ connectionString: servers.primaryUrl });
    const replica = new pg.Pool({ connectionString: servers.replicaUrls[0] });
    await primary.query("ALTER SYSTEM SET synchronous_standby_names = '*'");
    await primary.query('ALTER SYSTEM SET synchronous_commit = remote_apply');
    await primary.query('SELECT pg_reload_conf()');
    await settingArrived(servers);
    await primary.query(schema);
    const reads: (ReadOptions | undefined)[] = [];
    const readOnly = (options?: ReadOptions) => {
      reads.push(options);
      return replica;
    };
    return {
      cluster: Object.assign(primary, { readOnly }),
      primary,
      replica,
      reads,
      async [Symbol.asyncDispose]() {
        for (const pool of [primary, replica]) if (!pool.ending) await pool.end();
        await servers.close();
      },
    };
  } catch (error) {
    await servers.close();
    throw error;
  }
}

/** New connections have the setting once the postmaster has read it. */
async function settingArrived(servers: PostgresCluster): Promise<void> {
  for (;;) {
    const client = new pg.Client({ connectionString: servers.primaryUrl });
    await client.connect();
    const { rows } = await client.query('SHOW synchronous_commit');
    await client.end();
    if (rows[0].synchronous_commit === 'remote_apply') return;
  }
}
