import { QuotaError } from '../errors';

/** No such table, column or schema. @see https://www.postgresql.org/docs/18/errcodes-appendix.html */
const missing = /^(42P01|42703|3F000)$/;
/** Deadlock, serialization failure: rolled back as a whole. */
const conflict = /^40(001|P01)$/;
/** Bad data, a broken constraint, a row that is too large for an index. */
const data = /^(22|23|54)/;

/** The driver's or the server's error, as the ledger hands it on. */
export function ledgerError(cause: unknown): QuotaError {
  if (QuotaError.isInstance(cause)) return cause;
  const message = missing.test(stateOf(cause))
    ? 'The tables of the ledger are missing or of another version: run the SQL of quotaLedgerSql()'
    : `PostgreSQL cannot be asked: ${cause instanceof Error ? cause.message : String(cause)}`;
  return new QuotaError('UNITE_QUOTA_UNAVAILABLE', message, { cause });
}

/** The server's word on a statement; the connection goes on. */
export function isStatementError(error: unknown): boolean {
  return stateOf(causeOf(error)) !== '';
}

/** It was rolled back and may be tried again. */
export function isConflict(error: unknown): boolean {
  return conflict.test(stateOf(causeOf(error)));
}

/** Something in the statement's values cannot be stored. */
export function isDataError(error: unknown): boolean {
  return data.test(stateOf(causeOf(error)));
}

function causeOf(error: unknown): unknown {
  return QuotaError.isInstance(error) ? error.cause : error;
}

/** SQLSTATE; nothing where the connection ended, or no server spoke. */
function stateOf(error: unknown): string {
  const { severity, code } = (error ?? {}) as { severity?: unknown; code?: unknown };
  return severity === 'ERROR' && typeof code === 'string' ? code : '';
}
