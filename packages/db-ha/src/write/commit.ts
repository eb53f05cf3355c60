import { isServerError } from '../classify-error';
import type { PgResult } from '../driver-types';
import { DatabaseError } from '../errors';
import { endOfLastRecord, parseLsn } from '../lsn';
import type { ServerReport } from '../node/server-report';
import type { ConsistencyToken } from '../types';
import { rollbacksIn } from './transaction-words';

/**
 * Commits, and tells in the same message how far the log then reaches. Never inside the transaction: the
 * position before the commit would miss the commit's own record.
 */
export function commitAndLocate(commitsAsynchronously: boolean): string {
  // A commit that does not wait for the log is answered before its record is written.
  return `COMMIT;SELECT ${commitsAsynchronously ? 'pg_current_wal_insert_lsn' : 'pg_current_wal_lsn'}()::text AS lsn`;
}

/**
 * Reads the answer to {@link commitAndLocate}.
 *
 * @throws DatabaseError `UNITE_DB_ROLLED_BACK`: PostgreSQL answers the commit of a failed transaction so,
 * and calls it a success
 */
export function readCommit(
  answer: PgResult | readonly PgResult[],
  server: ServerReport,
  commitsAsynchronously: boolean,
): { readonly result: PgResult; readonly token: ConsistencyToken | undefined } {
  const [result, position] = answer as readonly (PgResult | undefined)[];
  if (result?.command !== 'COMMIT') throw rolledBackError();
  const { systemId, timeline, walSegmentBytes } = server;
  const said = parseLsn(String(position?.rows[0]?.lsn));
  if (said === undefined) return { result, token: undefined };
  const lsn = commitsAsynchronously ? endOfLastRecord(said, walSegmentBytes) : said;
  return { result, token: { systemId, timeline, lsn } };
}

/**
 * Looks at the answers to a text that commits among other statements, or in another form.
 *
 * @throws DatabaseError `UNITE_DB_ROLLED_BACK`
 */
export function checkCommitted(answer: PgResult | readonly PgResult[], text: unknown): void {
  const rolledBack = [answer].flat().filter(({ command }) => command === 'ROLLBACK').length;
  if (rolledBack > rollbacksIn(text)) throw rolledBackError();
}

function rolledBackError(): DatabaseError {
  return new DatabaseError(
    'UNITE_DB_ROLLED_BACK',
    'The transaction was rolled back: a statement in it had failed before the commit',
  );
}

/** Whether it was the question behind a commit that failed, for want of the right to ask it: the commit is done. */
export function isPositionRefused(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return isServerError(error) && code === '42501' && /\bpg_current_wal_(insert_)?lsn\b/.test(String(message));
}

/** Whether a statement could turn off waiting for the log. */
export function mentionsSynchronousCommit(text: unknown, values?: readonly unknown[]): boolean {
  // On the way of every query, so one pass for the many that have neither word.
  if (typeof text !== 'string' || !/synchronous_commit|set_config/i.test(text)) return false;
  return (
    /synchronous_commit/i.test(text) ||
    (values ?? []).some((value) => /^synchronous_commit$/i.test(String(value)))
  );
}
