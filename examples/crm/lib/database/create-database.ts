import { type Kysely, sql, type Transaction } from 'kysely';
import { DatabaseUnavailableError, isReadOnlyServer, isRecoveryConflict, isUnavailable } from './errors';
import { createNodePool, type DatabaseNode, enterTenant, type NodePool } from './node-pool';
import type { Schema } from './schema';

export type Query<Result> = (db: Transaction<Schema>) => Promise<Result>;

/** The one way to the database: every query runs in a transaction that row-level security binds to a tenant. */
export interface Database {
  /**
   * Reads, from a replica that has seen this person's own writes, else from the primary. `query` may run
   * again on another server when the first one fails.
   *
   * @throws DatabaseUnavailableError when no server can be reached
   */
  read<Result>(query: Query<Result>): Promise<Result>;
  /**
   * Reads and writes, on the primary, in one transaction.
   *
   * @throws DatabaseUnavailableError when the primary cannot be reached
   */
  write<Result>(query: Query<Result>): Promise<Result>;
  /** Which servers answer, for health checks. */
  check(): Promise<{ readonly primary: boolean; readonly replicasUp: number; readonly replicas: number }>;
  close(): Promise<void>;
}

/** What the database needs to know of the request that is being served. */
export interface DatabaseRequest {
  readonly tenantId: string | undefined;
  /** How far the log had been written when this person last changed something. */
  readonly seenLsn: string | undefined;
  /** Told which server answered. */
  onServed(node: DatabaseNode): void;
  /** Told how far the log had been written after a commit. */
  onCommitted(lsn: string): void;
}

export interface DatabaseOptions {
  readonly primaryUrl: string;
  readonly replicaUrls: readonly string[];
  readonly request: () => DatabaseRequest;
}

/** How long a replica that failed is left alone, so that not every read waits for it. */
const restMs = 2_000;
const beyondEveryLsn = 'FFFFFFFF/FFFFFFFF';

export function createDatabase({ primaryUrl, replicaUrls, request }: DatabaseOptions): Database {
  const primary = createNodePool(primaryUrl, { maxConnections: 10, connectTimeoutMs: 3_000 });
  const replicas = replicaUrls.map((url) => ({
    pool: createNodePool(url, { maxConnections: 10, connectTimeoutMs: 1_000 }),
    /** What it called itself when it last answered. */
    name: 'a replica',
    restsUntilMs: 0,
  }));
  let turn = 0;

  return {
    async read(query) {
      const first = turn++;
      let detour: string | undefined;
      for (const index of replicas.keys()) {
        const replica = replicas[(first + index) % replicas.length];
        if (!replica) continue;
        if (replica.restsUntilMs > performance.now()) {
          detour = `${replica.name} is down`;
          continue;
        }
        try {
          const answer = await readFrom(replica.pool, query, detour);
          replica.name = answer.node.name;
          if (answer.hasSeen) return answer.result;
          // The primary never lags behind this person's writes.
          detour = `${replica.name} has not seen your change yet`;
          break;
        } catch (error) {
          if (isUnavailable(error)) replica.restsUntilMs = performance.now() + restMs;
          else if (!isRecoveryConflict(error)) throw error;
          detour = `${replica.name} is ${isUnavailable(error) ? 'down' : 'busy'}`;
        }
      }
      const answer = await onPrimary(() => readFrom(primary, query, detour));
      if (!answer.hasSeen) throw new DatabaseUnavailableError('The primary is a replica that lags behind');
      return answer.result;
    },

    write: (query) => onPrimary(() => writeTo(primary, query)),

    async check() {
      const answers = await Promise.all([primary, ...replicas.map(({ pool }) => pool)].map(answersNow));
      const [primaryAnswers = false, ...replicasAnswer] = answers;
      return {
        primary: primaryAnswers,
        replicasUp: replicasAnswer.filter(Boolean).length,
        replicas: replicas.length,
      };
    },

    async close() {
      await Promise.all([primary, ...replicas.map(({ pool }) => pool)].map((pool) => pool.close()));
    },
  };

  async function readFrom<Result>(pool: NodePool, query: Query<Result>, detour: string | undefined) {
    const { tenantId, seenLsn, onServed } = request();
    // Read committed, so that the query's snapshot is taken after the replayed position was compared.
    return pool.db
      .transaction()
      .setIsolationLevel('read committed')
      .setAccessMode('read only')
      .execute(async (transaction) => {
        const { hasSeen, ...node } = await enterTenant(transaction, tenantId, seenLsn);
        if (!hasSeen) return { hasSeen: false as const, node };
        const result = await query(transaction);
        onServed({ ...node, detour });
        return { hasSeen: true as const, node, result };
      });
  }

  async function writeTo<Result>(pool: NodePool, query: Query<Result>): Promise<Result> {
    const { tenantId, onServed, onCommitted } = request();
    return pool.db.connection().execute(async (connection) => {
      const result = await connection.transaction().execute(async (transaction) => {
        const node = await enterTenant(transaction, tenantId, undefined);
        onServed(node);
        return query(transaction);
      });
      // After the commit, never inside it: the position before it would miss the commit's own record.
      onCommitted(await writtenLsn(connection));
      return result;
    });
  }
}

async function onPrimary<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isUnavailable(error) && !isReadOnlyServer(error)) throw error;
    throw new DatabaseUnavailableError('The primary cannot be reached', { cause: error });
  }
}

/** What is committed stays committed when this question fails; then only the primary is sure to have seen it. */
async function writtenLsn(connection: Kysely<Schema>): Promise<string> {
  try {
    const { rows } = await sql<{ lsn: string }>`select pg_current_wal_lsn() as lsn`.execute(connection);
    return rows[0]?.lsn ?? beyondEveryLsn;
  } catch {
    return beyondEveryLsn;
  }
}

async function answersNow({ db }: { readonly db: Kysely<Schema> }): Promise<boolean> {
  try {
    await sql`select 1`.execute(db);
    return true;
  } catch {
    return false;
  }
}
