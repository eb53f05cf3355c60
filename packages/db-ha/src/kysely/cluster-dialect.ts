import { checkOptions, type OptionCheck, optionChecks } from '@unite/shared';
import type { Dialect } from 'kysely';
import { ClusterDriver } from './cluster-driver';
import type { ClusterDialectOptions, DialectCluster, PostgresDialectConstructor } from './types';

const checks: Readonly<Record<string, OptionCheck>> = { cursor: optionChecks.function };

/**
 * One Kysely over the whole cluster. Queries go to the primary; those of `db.withPlugin(readOnly())` go to a
 * replica. Transactions, migrations and introspection are on the primary as a whole.
 *
 * A connection is taken by the first statement that needs one. Inside `db.connection().execute(…)` reads go
 * to replicas until then; from the first other statement on, everything stays on that connection.
 *
 * `db.destroy()` closes the cluster, as it ends every pool that it is given.
 *
 * @param cluster what `createCluster` returns
 * @param PostgresDialect Kysely's
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * const db = new Kysely<Database>({ dialect: clusterDialect(cluster, PostgresDialect, { cursor: Cursor }) });
 * await db.insertInto('contacts').values({ name: 'Ada' }).execute();
 * await db.withPlugin(readOnly()).selectFrom('contacts').selectAll().execute(); // sees Ada, from a replica
 */
export function clusterDialect(
  cluster: DialectCluster,
  PostgresDialect: PostgresDialectConstructor,
  options: ClusterDialectOptions = {},
): Dialect {
  checkOptions('clusterDialect', options, checks);
  const { cursor } = options;
  const over = (pool: DialectCluster | ReturnType<DialectCluster['readOnly']>) =>
    new PostgresDialect(cursor ? { pool, cursor } : { pool });
  const dialect = over(cluster);
  return {
    createDriver: () =>
      new ClusterDriver(dialect.createDriver(), {
        pool: (reads) => cluster.readOnly(reads),
        driver: (reads) => over(cluster.readOnly(reads)).createDriver(),
      }),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
  };
}
