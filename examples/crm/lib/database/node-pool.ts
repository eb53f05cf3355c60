import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import type { Schema } from './schema';

/** Which server answered, in that server's own words. */
export interface DatabaseNode {
  /** Its `cluster_name`, else its role and port. */
  readonly name: string;
  readonly role: 'primary' | 'replica';
  readonly port: number | null;
  /** Why another one was passed over, such as `replica-2 is down`. */
  readonly detour?: string | undefined;
}

/** The connections to one server. */
export interface NodePool {
  readonly db: Kysely<Schema>;
  close(): Promise<void>;
}

/** Opens no connection; the first query does. */
export function createNodePool(
  url: string,
  options: { maxConnections: number; connectTimeoutMs: number },
): NodePool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'crm',
    max: options.maxConnections,
    connectionTimeoutMillis: options.connectTimeoutMs,
    statement_timeout: 5_000,
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  // A connection that breaks while nobody waits for its answer is dropped by the pool, and its next query fails.
  // Without a listener it would end the process: the pool listens to idle ones alone, we to those in a transaction.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return { db: new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) }), close: () => pool.end() };
}

/** Asks the server who it is, names the tenant for row-level security, and compares what it has replayed. */
export async function enterTenant(
  db: Kysely<Schema>,
  tenantId: string | undefined,
  seenLsn: string | undefined,
): Promise<DatabaseNode & { readonly hasSeen: boolean }> {
  const { rows } = await sql<{
    name: string;
    port: number | null;
    is_replica: boolean;
    has_seen: boolean | null;
  }>`
    select set_config('app.tenant_id', ${tenantId ?? ''}, true),
           current_setting('cluster_name') as name,
           inet_server_port() as port,
           pg_is_in_recovery() as is_replica,
           pg_last_wal_replay_lsn() >= ${seenLsn ?? '0/0'}::pg_lsn as has_seen`.execute(db);
  const [row] = rows;
  if (!row) throw new Error('The database did not say who it is');
  const role = row.is_replica ? 'replica' : 'primary';
  return {
    name: row.name || [role, row.port].filter(Boolean).join('-'),
    role,
    port: row.port,
    hasSeen: !row.is_replica || row.has_seen === true,
  };
}
