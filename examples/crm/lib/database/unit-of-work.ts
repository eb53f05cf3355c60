import { currentContext } from '@unite/core/context';
import { DatabaseError } from '@unite/db-ha';
import { transactionDialect } from '@unite/db-ha/kysely';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { requestFacts } from '../request-facts';
import { db } from '../unite';
import type { DatabaseNode } from './database-node';
import type { Schema } from './schema';
import { whyElsewhere } from './why-elsewhere';

/** What is asked of the database together. Each runs in one transaction that row-level security binds to a tenant. */
export type Work<Result> = (db: Kysely<Schema>) => Promise<Result>;

export interface WriteOptions {
  /** Takes effect once, however often it is tried. Holds within the tenant. */
  readonly idempotencyKey?: string | undefined;
}

const replicas = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: db.readOnly() }) });
/** A read may meet the end of as many servers as there are, one after the other. */
const readAttempts = db.status().nodes.length;

/**
 * Reads, from a replica that has seen this person's own writes, else from the primary.
 *
 * @throws DatabaseError when no server can be read
 */
export async function read<Result>(work: Work<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      const result = await replicas
        .transaction()
        .setAccessMode('read only')
        .execute((transaction) => asTenant(transaction, work));
      const facts = requestFacts();
      if (facts?.node) facts.node = { ...facts.node, detour: whyElsewhere(facts.node, db.status()) };
      return result;
    } catch (error) {
      // The cluster repeats single queries by itself. Of a transaction only we know that all of it may run again.
      if (attempt >= readAttempts || !isEndOfServer(error)) throw error;
    }
  }
}

/**
 * Reads and writes, on the primary. `work` runs again when it met another transaction, or when the server was
 * lost before the commit.
 *
 * @throws CommitUnknownError when the server was lost during the commit, and there is no idempotency key
 * @throws DatabaseError when there is no primary
 */
export function write<Result>(work: Work<Result>, { idempotencyKey }: WriteOptions = {}): Promise<Result> {
  return db.transaction(
    (transaction) =>
      asTenant(new Kysely<Schema>({ dialect: transactionDialect(transaction, PostgresDialect) }), work),
    { idempotencyKey: idempotencyKey && `${tenantId()}:${idempotencyKey}` },
  );
}

/** Names the tenant for row-level security, and takes the server's word on who it is. */
async function asTenant<Result>(transaction: Kysely<Schema>, work: Work<Result>): Promise<Result> {
  const { rows } = await sql<DatabaseNode>`
    select set_config('app.tenant_id', ${tenantId()}, true),
           coalesce(nullif(current_setting('cluster_name'), ''), 'postgres') as name,
           case when pg_is_in_recovery() then 'replica' else 'primary' end as role,
           inet_server_port() as port`.execute(transaction);
  const facts = requestFacts();
  if (facts && rows[0]) facts.node = rows[0];
  return work(transaction);
}

/** Without one, the policies show no row. */
function tenantId(): string {
  return currentContext()?.tenantId ?? '';
}

/** Whether the server, rather than the query, was the trouble. A replica gives up reads that its replay would wait for. */
function isEndOfServer(error: unknown): boolean {
  if (DatabaseError.isInstance(error)) return error.code === 'UNITE_DB_CONNECTION_LOST';
  return (error as { code?: unknown } | undefined)?.code === '40001';
}
