import type { PgQueryable } from '../pg/pg-types';
import { quoteName } from '../pg/quote-name';
import type { SweptColumn, SweptTable, TypedColumn } from './swept-table';

/** Some rows of a tenant, in order of their primary key. */
export interface Page {
  /** How many were looked at. */
  readonly scanned: number;
  /** Those that are not as they should be. */
  readonly stale: readonly StoredRow[];
  /** The primary key of the last one; `undefined` when there are no more. */
  readonly lastRowId: readonly string[] | undefined;
}

/** A row as the driver reads it. */
export type StoredRow = Readonly<Record<string, unknown>>;

/** What a page is of. */
export interface PageOptions {
  readonly tenantId: string;
  /** What ciphertexts of the primary key begin with, by column. */
  readonly prefixes: ReadonlyMap<string, string | Uint8Array>;
  readonly after: readonly string[] | undefined;
  readonly batchRows: number;
}

/**
 * Reads a page. The server looks at `batchRows` rows and sends those that are stale, so that no statement takes long,
 * however large the table is. An index that begins with the tenant and goes on with the primary key serves it.
 */
export async function readPage(client: PgQueryable, table: SweptTable, options: PageOptions): Promise<Page> {
  const values: unknown[] = [];
  const value = (given: unknown): string => `$${values.push(given)}`;
  const keys = table.keys.map(({ name }) => quoteName(name));
  const order = keys.join(', ');
  const wanted = [
    ...keys,
    ...table.columns.flatMap(({ name, index }) => [name, ...(index ? [index.name] : [])].map(quoteName)),
  ];
  const conditions = [
    ...(table.tenant === undefined ? [] : [`${quoteName(table.tenant)} = ${value(options.tenantId)}`]),
    ...(options.after ? [`(${order}) > (${options.after.map(value).join(', ')})`] : []),
  ];
  const stale = table.columns.map((column) => staleSql(column, value(options.prefixes.get(column.name))));
  const text = `
    SELECT * FROM (
      SELECT *, row_number() OVER (ORDER BY ${order}) AS "unite:place", count(*) OVER () AS "unite:rows"
      FROM (
        SELECT ${[...new Set(wanted)].join(', ')}, ${stale.join(' OR ')} AS "unite:stale" FROM ${table.name}
        ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
        ORDER BY ${order} LIMIT ${value(options.batchRows)}
      ) AS looked_at
    ) AS numbered
    WHERE "unite:stale" OR "unite:place" = "unite:rows"
    ORDER BY "unite:place"`;
  const { rows } = await client.query(text, values);
  const page = rows as readonly StoredRow[];
  const last = page.at(-1);
  const scanned = last ? Number(last['unite:rows']) : 0;
  return {
    scanned,
    stale: page.filter((row) => row['unite:stale']),
    lastRowId: last && scanned === options.batchRows ? rowIdOf(table.keys, last) : undefined,
  };
}

/** The values of the primary key, as PostgreSQL reads them again. */
export function rowIdOf(keys: readonly TypedColumn[], row: StoredRow): readonly string[] {
  return keys.map(({ name }) => String(row[name]));
}

/** Not LIKE: `_` is a letter of base64url, and stands for any there. */
function staleSql({ name, isBytes, index }: SweptColumn, prefix: string): string {
  const column = quoteName(name);
  const beginning = isBytes
    ? `substring(${column} FROM 1 FOR octet_length(${prefix}::bytea)) <> ${prefix}::bytea`
    : `left(${column}::text, length(${prefix}::text)) <> ${prefix}::text`;
  const missing = index ? ` OR ${quoteName(index.name)} IS NULL` : '';
  return `(${column} IS NOT NULL AND (${beginning}${missing}))`;
}
