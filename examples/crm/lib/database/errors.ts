import type { ProblemSource } from '@unite/core';

/** No server could take the query; trying again soon makes sense. */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError';
  readonly code = 'CRM_DATABASE_UNAVAILABLE';
  /** All that error.tsx gets to see of it. */
  readonly digest = 'unite;database-unavailable;503';

  /** Read by `@unite/problem`, which does not know this class. */
  get [Symbol.for('unite.problem')](): ProblemSource {
    return {
      type: 'database-unavailable',
      status: 503,
      title: 'Database unavailable',
      detail: 'The database cannot be reached right now. Try again in a moment.',
      headers: { 'Retry-After': '2' },
    };
  }
}

/** SQLSTATEs by which a server says that it cannot serve now: shutting down, starting up, too many clients. */
const unavailableStates = /^(08...|57P0[1-3]|53300)$/;
const socketCodes =
  /^(ECONN(REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;
/** `pg` gives these no code. */
const poolMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** Whether the server, rather than the query, is the trouble. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.every(isUnavailable);
  if (!(error instanceof Error)) return false;
  const code = String((error as { code?: unknown }).code ?? '');
  return unavailableStates.test(code) || socketCodes.test(code) || poolMessages.test(error.message);
}

/** Whether a replica gave up a read in favour of what it had to replay. */
export function isRecoveryConflict(error: unknown): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === '40001';
}

/** Whether the server has become a replica, which takes no writes. */
export function isReadOnlyServer(error: unknown): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === '25006';
}

/** The name of the unique index that an insert or update ran into. */
export function uniqueViolation(error: unknown): string | undefined {
  const { code, constraint } = (error ?? {}) as { code?: unknown; constraint?: unknown };
  return code === '23505' && typeof constraint === 'string' ? constraint : undefined;
}
