// Compiled by `npm run typecheck`, never run: whatever takes a pool of `pg` must take a cluster.
import { drizzle } from 'drizzle-orm/node-postgres';
import { withReplicas } from 'drizzle-orm/pg-core';
import { type Generated, Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import Cursor from 'pg-cursor';
import QueryStream from 'pg-query-stream';
import {
  type ChangeMessage,
  type Cluster,
  createCluster,
  DatabaseError,
  type DatabaseErrorCode,
  type PgPool,
  type QueryMessage,
} from '../src';
import { clusterDialect, readOnly, transactionDialect } from '../src/kysely';

interface Tables {
  people: { id: Generated<number>; name: string };
}

const nodes = [{ url: 'postgres://a:b@c/d' }];
const db = createCluster({ nodes, Pool: pg.Pool });
db satisfies Cluster<pg.Pool>;

// As the driver's pool.
const takesPool = (_pool: pg.Pool) => undefined;
takesPool(db);
takesPool(db.readOnly({ consistency: 'eventual' }));
const takesQueryable = (_queryable: Pick<pg.Pool, 'query'> | pg.ClientBase) => undefined;
takesQueryable(db);
db.query<{ name: string }>('SELECT $1', ['Ada']).then(
  ({ rows }) => rows[0]?.name satisfies string | undefined,
);
db.query('SELECT 1', (_error: Error | undefined, _result: pg.QueryResult) => undefined);
db.connect() satisfies Promise<pg.PoolClient>;
db.connect((_error, client) => client satisfies pg.PoolClient | undefined);
db.connect().then((client) => {
  client.query(new Cursor('SELECT 1')) satisfies Cursor;
  client.query(new QueryStream('SELECT 1')) satisfies QueryStream;
});
db.on('connect', (client) => client satisfies pg.PoolClient);
db.end() satisfies Promise<void>;
db.totalCount satisfies number;

// Any pool of the same shape, with its own members kept.
class TracedPool extends pg.Pool {
  readonly traceId = 'one';
}
const traced = createCluster({ nodes, Pool: TracedPool });
traced.traceId satisfies string;
traced.readOnly() satisfies TracedPool;
takesPool(traced);
const takesAnyCluster = (_cluster: Pick<Cluster<PgPool>, 'status' | 'transaction' | 'close'>) => undefined;
takesAnyCluster(db);
// @ts-expect-error not a pool of connections
createCluster({ nodes, Pool: EventTarget });

// Kysely.
new PostgresDialect({ pool: db, cursor: Cursor });
new PostgresDialect({ pool: db.readOnly() });
new PostgresDialect({ pool: async () => db });
const people = new Kysely<Tables>({ dialect: clusterDialect(db, PostgresDialect, { cursor: Cursor }) });
people.withPlugin(readOnly()) satisfies Kysely<Tables>;
clusterDialect(traced, PostgresDialect);
db.transaction(async (tx) => new Kysely<Tables>({ dialect: transactionDialect(tx, PostgresDialect) }));
// @ts-expect-error a pool alone has nowhere to read from
clusterDialect(new pg.Pool(), PostgresDialect);
// @ts-expect-error an unknown option
clusterDialect(db, PostgresDialect, { cursors: Cursor });
// @ts-expect-error an unknown consistency
readOnly({ consistency: 'soon' });
// @ts-expect-error a cluster is no transaction
transactionDialect(new Kysely<Tables>({ dialect: clusterDialect(db, PostgresDialect) }), PostgresDialect);

// Drizzle.
const rows = drizzle(db);
rows.$client satisfies Cluster<pg.Pool>;
drizzle({ client: db });
withReplicas(drizzle(db), [drizzle(db.readOnly())]).$primary;

declare const error: unknown;
if (DatabaseError.isInstance(error)) error.code satisfies DatabaseErrorCode;
// @ts-expect-error a code that does not exist
new DatabaseError('UNITE_DB_OOPS', 'text');

declare const query: QueryMessage;
query.role satisfies 'primary' | 'replica' | undefined;
declare const change: ChangeMessage;
change.primary?.now satisfies string | undefined;
// @ts-expect-error what was told stays so
change.to = 'up';
