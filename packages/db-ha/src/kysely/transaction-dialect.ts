import type { Dialect, PostgresPoolClient } from 'kysely';
import type { DialectTransaction, PostgresDialectConstructor } from './types';

/**
 * Kysely inside a transaction of the cluster, which is run again after a conflict and takes effect once for
 * each idempotency key. Neither is possible for Kysely's own transactions.
 *
 * The transaction is begun and ended by the cluster: `transaction()` and `startTransaction()` of this Kysely
 * are refused, and so is `stream()`. It needs no `destroy()`.
 *
 * @param transaction what `cluster.transaction` gives its work
 * @param PostgresDialect Kysely's
 * @example
 * await cluster.transaction(
 *   async (tx) => {
 *     const db = new Kysely<Database>({ dialect: transactionDialect(tx, PostgresDialect) });
 *     await db.insertInto('orders').values(order).execute();
 *   },
 *   { idempotencyKey: `order:${order.id}` },
 * );
 */
export function transactionDialect(
  transaction: DialectTransaction,
  PostgresDialect: PostgresDialectConstructor,
): Dialect {
  const client = {
    query: (sql: string, parameters: readonly unknown[]) => transaction.query(sql, parameters),
    release: () => undefined,
  } as unknown as PostgresPoolClient;
  const dialect = new PostgresDialect({
    pool: { connect: async () => client, end: async () => undefined },
  });
  return {
    createDriver() {
      const driver = dialect.createDriver();
      driver.beginTransaction = () => Promise.reject(new Error(nested));
      return driver;
    },
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
  };
}

const nested =
  'transactionDialect: a transaction of the cluster is running already; use this Kysely without transaction()';
