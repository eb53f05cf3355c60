import type { PgQueryable } from '../pg/pg-types';
import { quoteName } from '../pg/quote-name';
import { stateOf } from '../pg/with-client';
import type { ResealedRow, UnreadableRow } from './reseal-rows';
import type { SweptTable, TypedColumn } from './swept-table';

/** What became of rows that should be written. */
export interface Written {
  readonly written: number;
  readonly refused: readonly UnreadableRow[];
}

/**
 * Writes rows that are as they were read, and of those only what nobody holds locked: it never waits for a lock, so it
 * is in no deadlock, and never writes over what somebody else wrote. To be run in a transaction.
 *
 * Where the database refuses a row (a unique index, a trigger), it is found by halves, and the others are written.
 */
export async function writeRows(
  client: PgQueryable,
  table: SweptTable,
  tenantId: string,
  rows: readonly ResealedRow[],
): Promise<Written> {
  const [first] = rows;
  if (!first) return { written: 0, refused: [] };
  await client.query('SAVEPOINT unite_sweep');
  try {
    const { text, values } = writeSql(table, tenantId, rows);
    const { rows: written } = await client.query(text, values);
    await client.query('RELEASE SAVEPOINT unite_sweep');
    return { written: written.length, refused: [] };
  } catch (error) {
    const code = stateOf(error);
    if (code === undefined || !ofRow.test(code)) throw error;
    await client.query('ROLLBACK TO SAVEPOINT unite_sweep; RELEASE SAVEPOINT unite_sweep');
    if (rows.length === 1) return { written: 0, refused: [{ rowId: first.rowId, code }] };
    const half = rows.length >> 1;
    const one = await writeRows(client, table, tenantId, rows.slice(0, half));
    const other = await writeRows(client, table, tenantId, rows.slice(half));
    return { written: one.written + other.written, refused: [...one.refused, ...other.refused] };
  }
}

/** Bad data, a broken constraint, a row that is too large for an index, and what triggers raise. */
const ofRow = /^(22|23|54|P0)/;

function writeSql(table: SweptTable, tenantId: string, rows: readonly ResealedRow[]) {
  const values: unknown[] = [];
  const value = (given: unknown): string => `$${values.push(given)}`;
  const columns = table.columns.flatMap(({ index, ...column }) => [column, ...(index ? [index] : [])]);
  const lists = [
    ...table.keys.map((key, place) => list(key, `key${place}`, (row) => row.rowId[place])),
    ...columns.map((column, place) => list(column, `before${place}`, (row) => row.before[column.name])),
    ...columns.map((column, place) => list(column, `after${place}`, (row) => row.after[column.name])),
  ];
  const tenant =
    table.tenant === undefined ? '' : `AND stored.${quoteName(table.tenant)} = ${value(tenantId)}`;
  const isRow = table.keys
    .map(({ name }, place) => `stored.${quoteName(name)} = given.key${place}`)
    .join(' AND ');
  const isUnchanged = columns.map(
    ({ name }, place) => `stored.${quoteName(name)} IS NOT DISTINCT FROM given.before${place}`,
  );
  const text = `
    WITH given AS (
      SELECT * FROM unnest(${lists.map(({ parameter }) => parameter).join(', ')})
        AS given (${lists.map(({ alias }) => alias).join(', ')})
    ), free AS MATERIALIZED (
      SELECT given.* FROM ${table.name} AS stored JOIN given ON ${isRow} ${tenant} FOR UPDATE OF stored SKIP LOCKED
    )
    UPDATE ${table.name} AS stored
    SET ${columns.map(({ name }, place) => `${quoteName(name)} = given.after${place}`).join(', ')}
    FROM free AS given
    WHERE ${isRow} ${tenant} AND ${isUnchanged.join(' AND ')}
    RETURNING 1`;
  return { text, values };

  function list({ type }: TypedColumn, alias: string, of: (row: ResealedRow) => unknown) {
    return { alias, parameter: `${value(rows.map(of))}::${type}[]` };
  }
}
