import type { PgQueryable } from '../pg/pg-types';
import { quoteName } from '../pg/quote-name';
import { rowIdOf, type StoredRow } from './read-page';
import type { UnreadableRow } from './reseal-rows';
import type { SweptTable } from './swept-table';

const tenantsPerPage = 1_000;

/** The tenants that appear in a table, in order. */
export async function* tenantsOf(client: PgQueryable, { name, tenant }: SweptTable): AsyncIterable<string> {
  const column = quoteName(String(tenant));
  let after: string | undefined;
  do {
    const { rows } = await client.query(
      `SELECT DISTINCT ${column} AS id FROM ${name}
       WHERE ${after === undefined ? `${column} IS NOT NULL` : `${column} > $1`} ORDER BY id LIMIT ${tenantsPerPage}`,
      after === undefined ? [] : [after],
    );
    const ids = (rows as { id: unknown }[]).map(({ id }) => String(id));
    yield* ids.filter((id) => id !== '');
    after = ids.at(-1);
  } while (after !== undefined);
}

/** Rows that have no tenant, and values in encrypted columns: nobody's key is theirs. */
export async function rowsOfNobody(
  client: PgQueryable,
  { name, tenant, keys, columns }: SweptTable,
  limit: number,
): Promise<readonly UnreadableRow[]> {
  const order = keys.map((key) => quoteName(key.name)).join(', ');
  const isFilled = columns.map((column) => `${quoteName(column.name)} IS NOT NULL`).join(' OR ');
  const { rows } = await client.query(
    `SELECT ${order} FROM ${name} WHERE coalesce(${quoteName(String(tenant))}::text, '') = '' AND (${isFilled})
     ORDER BY ${order} LIMIT $1`,
    [limit],
  );
  const code = 'UNITE_CRYPTO_TENANT_MISSING';
  return (rows as StoredRow[]).map((row) => ({ rowId: rowIdOf(keys, row), code }));
}
