import type { CheckResult } from '../health/health-types';
import { type DatabaseGroups, groupStatuses } from './group-statuses';
import type { PgPoolLike } from './postgres-types';
import { postgresFailure } from './postgres-words';
import { NoAnswerError, RoundTrip } from './round-trip';

/** A hot standby is read-only, and so is a primary whose provider has closed it to writes. */
const question =
  "SELECT pg_is_in_recovery() AS in_recovery, current_setting('transaction_read_only') = 'on' AS read_only";

/** Looks at a server through its pool. */
export function poolLook(
  pool: PgPoolLike,
  { group, writeGroup }: DatabaseGroups,
): (signal: AbortSignal, waitMs: number) => Promise<CheckResult> {
  const roundTrip = new RoundTrip(() => pool.query(question));
  return async (signal, waitMs) => {
    try {
      const { rows } = await roundTrip.ask(waitMs, signal);
      const { in_recovery, read_only } = rows[0] as { in_recovery?: unknown; read_only?: unknown };
      return result(true, !in_recovery && !read_only, writeWords(in_recovery, read_only));
    } catch (error) {
      signal.throwIfAborted();
      return result(false, false, words(error));
    }
  };

  function result(isUp: boolean, canWrite: boolean, detail: string): CheckResult {
    const groups = groupStatuses([
      [group, isUp],
      [writeGroup, canWrite],
    ]);
    return { groups, detail };
  }

  function words(error: unknown): string {
    // Whoever waits for a connection has not sent anything yet.
    const isWaiting = (pool.waitingCount ?? 0) > 0 && pool.idleCount === 0;
    if (error instanceof NoAnswerError && isWaiting) return `no free connection in ${error.waitedMs} ms`;
    return postgresFailure(error);
  }
}

function writeWords(inRecovery: unknown, readOnly: unknown): string {
  if (inRecovery) return 'is in recovery: takes no writes';
  return readOnly ? 'is read-only: takes no writes' : 'takes writes';
}
