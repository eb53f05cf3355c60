import { setTimeout } from 'node:timers/promises';
import { startPostgres } from '@unite/services';
import { type Dialect, type Generated, Kysely, type KyselyConfig, sql } from 'kysely';
import pg from 'pg';
import { createCluster } from '../../src';
import type { Cluster, ClusterOptions } from '../../src/types';

/** Tables of the tests. */
export interface Tables {
  people: { id: Generated<number>; name: string; team_id: number | null };
  teams: { id: Generated<number>; title: string };
}

/** A primary with one replica, and clusters over both. */
export interface TestDatabase extends AsyncDisposable {
  open(options?: Partial<ClusterOptions<pg.Pool>>): Cluster<pg.Pool>;
  /** The same, when it knows that its replica has everything. */
  openReady(options?: Partial<ClusterOptions<pg.Pool>>): Promise<Cluster<pg.Pool>>;
  /** Empties the tables. */
  clear(): Promise<void>;
}

/** Starts the servers and makes the tables. */
export async function startDatabase(): Promise<TestDatabase> {
  const servers = await startPostgres({ replicas: 1 });
  const opened: Cluster<pg.Pool>[] = [];
  const database: TestDatabase = {
    open(options = {}) {
      const cluster = createCluster({
        nodes: servers.nodes.map(({ name, url }) => ({ name, url })),
        Pool: pg.Pool,
        // Slow machines: what is tested is where a read goes, not how soon the replica has it or answers.
        reads: { waitForReplicaMs: 10_000 },
        probeTimeoutMs: 10_000,
        healthCheckEveryMs: 100,
        ...options,
      });
      opened.push(cluster);
      return cluster;
    },
    async openReady(options) {
      const cluster = database.open(options);
      await cluster.ready();
      while (cluster.status().nodes.some(({ state }) => state !== 'up')) await setTimeout(20);
      return cluster;
    },
    async clear() {
      await owner.query('TRUNCATE people, teams RESTART IDENTITY');
    },
    async [Symbol.asyncDispose]() {
      for (const cluster of opened) await cluster.close();
      await servers.close();
    },
  };
  const owner = database.open();
  await owner.query(`
    CREATE TABLE teams (id serial PRIMARY KEY, title text NOT NULL);
    CREATE TABLE people (
      id serial PRIMARY KEY, name text NOT NULL UNIQUE, team_id int REFERENCES teams
    )`);
  return database;
}

/** Kysely for the tables of the tests. */
export function kysely(dialect: Dialect, config: Omit<KyselyConfig, 'dialect'> = {}): Kysely<Tables> {
  return new Kysely<Tables>({ dialect, ...config });
}

/** The server that a query reaches. */
export async function whereOf(db: Kysely<Tables>): Promise<'replica' | 'primary'> {
  const { rows } = await sql<{ in_recovery: boolean }>`SELECT pg_is_in_recovery() AS in_recovery`.execute(db);
  return rows[0]?.in_recovery ? 'replica' : 'primary';
}

/** The server process behind the connection that a query reaches. */
export async function processOf(db: Kysely<Tables>): Promise<number | undefined> {
  const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(db);
  return rows[0]?.pid;
}

/** Everything that a stream brings. */
export async function collect<Row>(stream: AsyncIterable<Row>): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of stream) rows.push(row);
  return rows;
}
