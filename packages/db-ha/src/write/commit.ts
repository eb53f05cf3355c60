import type { PgResult } from '../driver-types';
import { DatabaseError } from '../errors';
import { endOfLastRecord, parseLsn } from '../lsn';
import type { ServerReport } from '../node/server-report';
import type { ConsistencyToken } from '../types';

/**
 * Commits, and tells in the same message how far the log then reaches. Never inside the transaction: the
 * position before the commit would miss the commit's own record.
 */
export const commitAndLocate =
  'COMMIT;SELECT pg_current_wal_lsn()::text AS written, pg_current_wal_insert_lsn()::text AS inserted';

/**
 * Reads the answer to {@link commitAndLocate}.
 *
 * @param commitsAsynchronously the commit may be answered before its record is written
 * @throws DatabaseError `UNITE_DB_ROLLED_BACK`: PostgreSQL answers the commit of a failed transaction so,
 * and calls it a success
 */
export function readCommit(
  answer: PgResult | readonly PgResult[],
  server: ServerReport,
  commitsAsynchronously: boolean,
): { readonly result: PgResult; readonly token: ConsistencyToken | undefined } {
  const [result, position] = answer as readonly (PgResult | undefined)[];
  if (result?.command !== 'COMMIT') {
    throw new DatabaseError(
      'UNITE_DB_ROLLED_BACK',
      'The transaction was rolled back: a statement in it had failed before the commit',
    );
  }
  const { written, inserted } = (position?.rows[0] ?? {}) as { written?: string; inserted?: string };
  const lsn = commitsAsynchronously
    ? endOfLastRecord(parseLsn(inserted ?? '') ?? 0n, server.walSegmentBytes)
    : parseLsn(written ?? '');
  const { systemId, timeline } = server;
  return { result, token: lsn ? { systemId, timeline, lsn } : undefined };
}

/** `COMMIT` and its other name, alone. */
export function isCommit(text: unknown): boolean {
  return (
    typeof text === 'string' &&
    text.length < 64 &&
    /^\s*(commit|end)(\s+(work|transaction))?\s*;?\s*$/i.test(text)
  );
}

/** Whether a statement could turn off waiting for the log. */
export function mentionsSynchronousCommit(text: unknown): boolean {
  return typeof text === 'string' && /synchronous_commit/i.test(text);
}
