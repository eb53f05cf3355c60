import { CryptoError } from '../../errors';

/** No such table, column or schema. @see https://www.postgresql.org/docs/18/errcodes-appendix.html */
const missing = /^(42P01|42703|3F000)$/;
/** Deadlock, serialization failure, a row that another call has made: rolled back as a whole. */
const conflict = /^(40001|40P01|23505)$/;
/** Wrong password, or no rights on the tables. */
const denied = /^(28...|42501)$/;

/** The driver's or the server's error, as the key store hands it on. */
export function storeError(cause: unknown): CryptoError {
  if (CryptoError.isInstance(cause)) return cause;
  const state = stateOf(cause);
  if (denied.test(state)) {
    const message = 'The key store: PostgreSQL grants no access to its tables';
    return new CryptoError('UNITE_CRYPTO_KEYS_DENIED', message, { cause: plainCause(cause) });
  }
  const message = missing.test(state)
    ? 'The tables of the key store are missing or of another version: run the SQL of keyStoreSql()'
    : 'The key store: PostgreSQL cannot be asked';
  return new CryptoError('UNITE_CRYPTO_KEYS_UNAVAILABLE', message, { cause: plainCause(cause) });
}

/** Another call was first. */
export function isConflict(error: unknown): boolean {
  return conflict.test(stateOf(error));
}

/** The server's word on a statement; the connection goes on. */
export function isStatementError(error: unknown): boolean {
  return (error as { severity?: unknown } | null)?.severity === 'ERROR';
}

/** SQLSTATE; nothing where no server spoke. */
function stateOf(error: unknown): string {
  const { severity, code } = (error ?? {}) as { severity?: unknown; code?: unknown };
  return severity !== undefined && typeof code === 'string' ? code : '';
}

/** The server's `detail` may show a row. */
function plainCause(error: unknown): Error {
  const { message, code } = (error ?? {}) as { message?: unknown; code?: unknown };
  return Object.assign(new Error(String(message ?? error)), typeof code === 'string' ? { code } : {});
}
