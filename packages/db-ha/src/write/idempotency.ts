import { reasonOf } from '../classify-error';
import type { PgClient } from '../driver-types';

/**
 * The table behind `idempotencyKey`, for a migration. A row is needed for as long as somebody may repeat the
 * transaction; delete older ones by `created_at`.
 *
 * @param table as in the option `idempotencyTable`
 * @example
 * await db.query(idempotencyTableSql());
 * await db.query(`DELETE FROM unite_idempotency WHERE created_at < now() - interval '7 days'`);
 */
export function idempotencyTableSql(table = 'unite_idempotency'): string {
  return `CREATE TABLE IF NOT EXISTS ${table} (
  key text PRIMARY KEY,
  result jsonb,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS ${table.split('.').at(-1)}_created_at ON ${table} (created_at);`;
}

/** A transaction that was committed before, with what it gave. */
export interface Repeated {
  readonly result: unknown;
}

/**
 * Takes the key inside the transaction that is to happen once. Where another one holds it, this waits for
 * that one's end: the unique index decides, and not a look that could come too early.
 *
 * @returns the earlier result when the key had been committed
 */
export async function takeKey(client: PgClient, table: string, key: string): Promise<Repeated | undefined> {
  const { rowCount } = await client.query(
    `INSERT INTO ${table} (key) VALUES ($1) ON CONFLICT (key) DO NOTHING`,
    [key],
  );
  if (rowCount === 1) return undefined;
  const { rows } = await client.query(`SELECT result::text AS result FROM ${table} WHERE key = $1`, [key]);
  const text = rows[0]?.result;
  return { result: typeof text === 'string' ? JSON.parse(text) : undefined };
}

/**
 * A result as it is kept. `undefined` is kept as nothing.
 *
 * @throws TypeError for what JSON cannot hold, such as a BigInt
 */
export function resultText(result: unknown): string | undefined {
  try {
    return JSON.stringify(result);
  } catch (error) {
    throw unkeepableError(error);
  }
}

function unkeepableError(cause: unknown): TypeError {
  return new TypeError(
    `transaction: the result is kept with its idempotencyKey as JSON, and this one cannot be: ${reasonOf(cause)}`,
    { cause },
  );
}

/** Keeps the result with its key, in the same transaction. */
export async function keepResult(
  client: PgClient,
  table: string,
  key: string,
  result: string,
): Promise<void> {
  await client.query(`UPDATE ${table} SET result = $2::jsonb WHERE key = $1`, [key, result]);
}

/** JSON as PostgreSQL keeps it has no NUL, and no half of a surrogate pair. */
export function explainUnkeepable(error: unknown): never {
  if (!/^22P0[25]$/.test(String((error as { code?: unknown } | undefined)?.code))) throw error;
  throw unkeepableError(error);
}

/** For the first use, before anybody made the table. */
export function explainMissingTable(table: string): (error: unknown) => never {
  return (error) => {
    if ((error as { code?: unknown } | undefined)?.code !== '42P01') throw error;
    throw new Error(
      `transaction: the table ${table} of idempotencyKey does not exist; create it by a migration, with idempotencyTableSql()`,
      { cause: error },
    );
  };
}
