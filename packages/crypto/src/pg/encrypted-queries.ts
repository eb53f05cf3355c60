import { CryptoError } from '../errors';
import { textOf } from '../place/encode-place';
import type { EncryptedTable, TenantOption } from '../types';
import { checkPool } from './check-pool';
import { whyNoSearch } from './exact-search';
import type { PgQueryable } from './pg-types';
import { isPlaintextOpen } from './plaintext-window';
import type { EncryptedQueries, PgRow } from './queries-types';
import { quoteName, quoteTable } from './quote-name';
import { keysOf, orFail, spellingError, spellingOf } from './same-spelling';

/**
 * Encrypts what goes to PostgreSQL and decrypts what comes back, for those who write SQL: rows in, rows out.
 *
 * @param db a pool of `pg`, one of its clients within a transaction, or a cluster of `@unite/db-ha`
 * @throws TypeError
 * @example
 * const db = encryptedQueries(pool);
 * await db.insert(contacts, { id: 7, tenant_id: 'acme', name: 'Ada', email: 'ada@example.com' });
 * const [ada] = await db.find(contacts, { tenant_id: 'acme', email: 'ada@example.com' });
 * await db.update(contacts, { id: 7, tenant_id: 'acme', email: 'ada@lovelace.example' });
 * const rows = await db.select(contacts, 'SELECT * FROM contacts WHERE name LIKE $1', ['A%']);
 */
export function encryptedQueries(db: PgQueryable): EncryptedQueries {
  checkPool('encryptedQueries', 'the database', db, 'query');

  async function ask(
    table: EncryptedTable,
    text: string,
    values: readonly unknown[],
    options: TenantOption | undefined,
  ): Promise<PgRow[]> {
    const { rows } = await db.query(text, [...values]).catch((error: unknown) => {
      throw spellingError(error, [table]);
    });
    return table.decryptAll(rows as PgRow[], options);
  }

  return {
    async insert<Row extends object>(table: EncryptedTable, row: object, options?: TenantOption) {
      const cells = await seal(table, row, options);
      const names = cells.map(([name]) => quoteName(name));
      const places = cells.map((_, at) => `$${at + 1}`);
      const values = cells.map(([, value]) => value);
      const insert = `INSERT INTO ${quoteTable(table.table)} (${names.join(', ')}) VALUES (${places.join(', ')}) RETURNING *`;
      const checks = spelled(table, row, values);
      const key = quoteName(String(keysOf(table)[0]));
      const text =
        checks.length > 0
          ? `WITH inserted AS (${insert}) SELECT * FROM inserted WHERE ${orFail(checks.join(' AND '), key)}`
          : insert;
      const [inserted] = await ask(table, text, values, options);
      return inserted as Row;
    },
    async update<Row extends object>(table: EncryptedTable, row: object, options?: TenantOption) {
      const keys = keysOf(table);
      const missing = keys.filter((name) => (row as PgRow)[name] === undefined);
      if (missing.length > 0) throw refusal(`an update of ${table.table} needs ${missing.join(' and ')}`);
      const cells = await seal(table, row, options);
      const assign = (isKey: boolean) =>
        cells.flatMap(([name], at) =>
          keys.includes(name) === isKey ? [`${quoteName(name)} = $${at + 1}`] : [],
        );
      const changes = assign(false);
      if (changes.length === 0) throw refusal(`an update of ${table.table} changes nothing`);
      const values = cells.map(([, value]) => value);
      const conditions = [...assign(true), ...spelled(table, row, values)].join(' AND ');
      const text = `UPDATE ${quoteTable(table.table)} SET ${changes.join(', ')} WHERE ${conditions} RETURNING *`;
      const [updated] = await ask(table, text, values, options);
      return updated as Row | undefined;
    },
    async find<Row extends object>(table: EncryptedTable, where: object, options?: TenantOption) {
      const values: unknown[] = [];
      const conditions: string[] = [];
      for (const [name, value] of Object.entries(where)) {
        if (value === undefined) throw refusal(`${table.table}.${name} is searched for undefined`);
        if (value === null) conditions.push(`${quoteName(name)} IS NULL`);
        else if (!Object.hasOwn(table.options.columns, name)) {
          conditions.push(`${quoteName(name)} = $${values.push(value)}`);
        } else {
          const { column, values: indexes } = await search(table, name, value, where as PgRow, options);
          const byIndex = `${quoteName(column)} = ANY($${values.push(indexes)})`;
          conditions.push(
            isPlaintextOpen(table, name)
              ? `(${byIndex} OR (${quoteName(column)} IS NULL AND ${quoteName(name)} = $${values.push(value)}))`
              : byIndex,
          );
        }
      }
      const all = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
      return (await ask(table, `SELECT * FROM ${quoteTable(table.table)}${all}`, values, options)) as Row[];
    },
    select: async <Row extends object>(
      table: EncryptedTable,
      text: string,
      values: readonly unknown[] = [],
      options?: TenantOption,
    ) => (await ask(table, text, values, options)) as Row[],
  };
}

/** The columns of a row as they are stored; those that are `undefined` are not given. */
async function seal(table: EncryptedTable, row: object, options: TenantOption | undefined) {
  for (const [column, { index }] of Object.entries(table.options.columns)) {
    // Beside its column it is made anew.
    if (index === undefined || (row as PgRow)[index] === undefined) continue;
    if ((row as PgRow)[column] === undefined) {
      throw refusal(`${table.table}.${index} is filled in by itself; write ${table.table}.${column}`);
    }
  }
  const sealed = await table.encrypt(row, options);
  return Object.entries(sealed).filter(([, value]) => value !== undefined);
}

/** Conditions that the key is spelled as the row's ciphertexts are bound to it, if there are any; adds their values. */
function spelled(table: EncryptedTable, row: object, values: unknown[]): string[] {
  const cells = row as PgRow;
  const isBound = Object.keys(table.options.columns).some((name) => (cells[name] ?? null) !== null);
  if (!isBound) return [];
  return keysOf(table).map((key) => `${spellingOf(quoteName(key))} = $${values.push(textOf(cells[key]))}`);
}

function search(
  table: EncryptedTable,
  column: string,
  value: unknown,
  where: PgRow,
  options: TenantOption | undefined,
) {
  const objection = whyNoSearch(table, column);
  if (objection !== undefined) throw refusal(objection);
  const { tenantId: tenantColumn } = table.options;
  const tenantId = tenantColumn === undefined ? undefined : where[tenantColumn];
  return table.find(column, value, typeof tenantId === 'string' ? { tenantId } : options);
}

function refusal(why: string): CryptoError {
  return new CryptoError('UNITE_CRYPTO_QUERY_REFUSED', `encryptedQueries: ${why}`);
}
