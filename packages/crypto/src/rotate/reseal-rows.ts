import { CryptoError, type CryptoErrorCode } from '../errors';
import type { RowId } from '../types';
import { rowIdOf, type StoredRow } from './read-page';
import type { SweptColumn, SweptTable } from './swept-table';

/** A row with what is to be written in place of what was read. */
export interface ResealedRow {
  readonly rowId: readonly string[];
  /** As they were read: encrypted columns and their indexes, by name. */
  readonly before: StoredRow;
  /** The same columns, as they shall be. */
  readonly after: StoredRow;
}

/** A row for which there is no way. */
export interface UnreadableRow {
  readonly rowId: readonly string[];
  readonly code: string;
}

/** What is wrong with one row. Anything else is wrong with all, and ends the sweep. */
const ofRow: ReadonlySet<CryptoErrorCode> = new Set([
  'UNITE_CRYPTO_PLACE_INVALID',
  'UNITE_CRYPTO_VALUE_INVALID',
  'UNITE_CRYPTO_FORMAT_INVALID',
  'UNITE_CRYPTO_VERSION_UNKNOWN',
  'UNITE_CRYPTO_TENANT_MISMATCH',
  'UNITE_CRYPTO_COMMITMENT_MISMATCH',
  'UNITE_CRYPTO_AUTHENTICATION_FAILED',
  'UNITE_CRYPTO_PLAINTEXT_REFUSED',
  'UNITE_CRYPTO_KEY_UNKNOWN',
  'UNITE_CRYPTO_KEY_DISABLED',
  'UNITE_CRYPTO_KEY_DESTROYED',
  'UNITE_CRYPTO_UNWRAP_FAILED',
]);

/**
 * Decrypts what is stale and encrypts it again, with its index. Columns that are current stay as they are.
 *
 * @throws CryptoError for what is wrong with more than a row
 */
export async function resealRows(
  table: SweptTable,
  rows: readonly StoredRow[],
  { tenantId, prefixes }: { tenantId: string; prefixes: ReadonlyMap<string, string | Uint8Array> },
): Promise<{ resealed: readonly ResealedRow[]; unreadable: readonly UnreadableRow[] }> {
  const resealed: ResealedRow[] = [];
  const unreadable: UnreadableRow[] = [];
  // One after the other: the keys are in memory, and a page is no reason to hold the event loop.
  for (const row of rows) {
    const rowId = rowIdOf(table.keys, row);
    try {
      const columns = table.columns.map((column) => resealColumn(table, column, row, tenantId, prefixes));
      const after = Object.assign({}, ...(await Promise.all(columns))) as StoredRow;
      const before = Object.fromEntries(Object.keys(after).map((name) => [name, row[name]]));
      resealed.push({ rowId, before, after });
    } catch (error) {
      if (!CryptoError.isInstance(error) || !ofRow.has(error.code)) throw error;
      unreadable.push({ rowId, code: error.code });
    }
  }
  return { resealed, unreadable };
}

async function resealColumn(
  table: SweptTable,
  { name, field, index }: SweptColumn,
  row: StoredRow,
  tenantId: string,
  prefixes: ReadonlyMap<string, string | Uint8Array>,
): Promise<StoredRow> {
  const stored = row[name] as string | Uint8Array | null;
  const kept = { [name]: stored, ...(index && { [index.name]: row[index.name] }) };
  if (stored === null) return kept;
  const isCurrent = beginsWith(stored, prefixes.get(name));
  if (isCurrent && (!index || row[index.name] !== null)) return kept;
  const place = { rowId: placeOf(table, row), tenantId };
  const value = await field.decrypt(stored, place);
  return {
    [name]: isCurrent ? stored : await field.encrypt(value, place),
    ...(index && { [index.name]: await field.index(value, { tenantId }) }),
  };
}

function placeOf({ keys }: SweptTable, row: StoredRow): RowId {
  return keys.map(({ name }) => row[name] as string | number | bigint);
}

function beginsWith(stored: string | Uint8Array, prefix: string | Uint8Array | undefined): boolean {
  if (typeof stored === 'string') return typeof prefix === 'string' && stored.startsWith(prefix);
  return prefix !== undefined && Buffer.compare(stored.subarray(0, prefix.length), Buffer.from(prefix)) === 0;
}
