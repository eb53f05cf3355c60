import { CryptoError } from '../errors';
import type { PgQueryable } from '../pg/pg-types';
import { quoteTable } from '../pg/quote-name';
import type { EncryptedTable, Field } from '../types';

/** A table as statements see it. */
export interface SweptTable {
  /** As it was declared. */
  readonly declared: EncryptedTable;
  /** Quoted. */
  readonly name: string;
  readonly keys: readonly TypedColumn[];
  /** The column with the tenant. */
  readonly tenant: string | undefined;
  readonly columns: readonly SweptColumn[];
}

/** A column with the type that PostgreSQL casts values of statements to. */
export interface TypedColumn {
  readonly name: string;
  readonly type: string;
}

/** An encrypted column. */
export interface SweptColumn extends TypedColumn {
  readonly field: Field<unknown, string | Uint8Array>;
  readonly isBytes: boolean;
  /** The column with its blind index. */
  readonly index: TypedColumn | undefined;
}

/** @throws CryptoError `UNITE_CRYPTO_SWEEP_FAILED` where the table is not as it was declared */
export async function readSweptTable(client: PgQueryable, declared: EncryptedTable): Promise<SweptTable> {
  const { rowId, tenantId, columns } = declared.options;
  const name = quoteTable(declared.table);
  const types = await readTypes(client, name);
  if (types.size === 0) throw notAsDeclared(`there is no table ${declared.table}`);
  const typed = (column: string): TypedColumn => {
    const type = types.get(column);
    if (type === undefined) throw notAsDeclared(`the table ${declared.table} has no column ${column}`);
    return { name: column, type };
  };
  return {
    declared,
    name,
    keys: [rowId].flat().map(typed),
    tenant: tenantId === undefined ? undefined : typed(tenantId).name,
    columns: Object.entries(columns).map(([column, { type, index }]) => {
      const isBytes = type === 'bytes';
      const found = typed(column);
      if (isBytes !== (found.type === 'bytea') || jsonTypes.has(found.type)) {
        throw notAsDeclared(
          `the column ${declared.table}.${column} is ${found.type}, and not ${isBytes ? 'bytea' : 'text'}`,
        );
      }
      const field = declared.field(column);
      return { ...found, field, isBytes, index: index === undefined ? undefined : typed(index) };
    }),
  };
}

/** They take no ciphertext. */
const jsonTypes: ReadonlySet<string> = new Set(['json', 'jsonb']);

async function readTypes(client: PgQueryable, table: string): Promise<ReadonlyMap<string, string>> {
  // Without its modifier: a cast to varchar(100) would cut, an assignment refuses.
  const { rows } = await client.query(
    `SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
     WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped`,
    [table],
  );
  return new Map((rows as TypedColumn[]).map(({ name, type }) => [name, type]));
}

function notAsDeclared(what: string): CryptoError {
  return new CryptoError('UNITE_CRYPTO_SWEEP_FAILED', `The sweep cannot run: ${what}`);
}
