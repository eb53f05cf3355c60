import type { EncryptedTable } from '../types';

/** A shorter index finds rows of other values too, which a query alone cannot sort out. */
const leastBits = 64;

/** Why a query cannot search a column; `undefined` where it can. */
export function whyNoSearch({ table, options }: EncryptedTable, column: string): string | undefined {
  const { index, search } = options.columns[column] ?? {};
  const name = `${table}.${column}`;
  if (index === undefined) return `${name} is declared without "index", and cannot be searched`;
  if (typeof search !== 'object' || (search.bits ?? leastBits) >= leastBits) return undefined;
  return `the index of ${name} has ${search.bits} bits, which find rows of other values too; ask for table.find() and compare`;
}
