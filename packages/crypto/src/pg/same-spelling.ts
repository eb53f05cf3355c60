import { CryptoError } from '../errors';
import type { EncryptedTable } from '../types';

/** What PostgreSQL's error tells when {@link orFail} does. */
const mark = 'unite: the key is stored in another spelling';

/**
 * A condition that ends the statement with an error where it is false, so that nothing of it is kept. The text depends
 * on the row: of a constant the planner would make the error itself.
 */
export function orFail(condition: string, column: string): string {
  return `CASE WHEN ${condition} THEN true ELSE concat('${mark}', ${column})::boolean END`;
}

/** A column as a driver reads it. A cast to text would leave out the blanks that end `char(n)`. */
export function spellingOf(column: string): string {
  return `concat(${column})`;
}

/** The columns that a row's ciphertexts are bound to. */
export function keysOf({ options }: EncryptedTable): readonly string[] {
  return [options.rowId, options.tenantId ?? []].flat();
}

/** What a caller gets for an error of the database: of a key that it takes in one spelling and gives back in another. */
export function spellingError(error: unknown, tables: readonly EncryptedTable[]): unknown {
  const { message } = (error ?? {}) as { message?: unknown };
  if (typeof message !== 'string' || !message.includes(mark)) return error;
  const keys = tables.map((table) => `${table.table}: ${keysOf(table).join(' and ')}`).join('; ');
  return new CryptoError(
    'UNITE_CRYPTO_PLACE_INVALID',
    `${keys} must be given as PostgreSQL gives it back, a UUID in lower case, a number without zeros before it: ciphertexts are bound to it as it is spelled`,
  );
}
