import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CamelCasePlugin, type Dialect, type Kysely, Migrator, PostgresDialect, sql } from 'kysely';
import type pg from 'pg';
import Cursor from 'pg-cursor';
import { clusterDialect, readOnly } from '../../src/kysely';
import type { Cluster } from '../../src/types';
import {
  collect,
  kysely,
  processOf,
  startDatabase,
  type Tables,
  type TestDatabase,
  whereOf,
} from './start-database';

let database: TestDatabase;
let cluster: Cluster<pg.Pool>;
let db: Kysely<Tables>;

beforeAll(async () => {
  database = await startDatabase();
});

beforeEach(async () => {
  await database.clear();
  cluster = await database.openReady();
  db = kysely(clusterDialect(cluster, PostgresDialect, { cursor: Cursor }));
});

afterEach(() => db.destroy());

afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

const ada = { name: 'Ada' };

function names(executor: Kysely<Tables>): Promise<string[]> {
  return executor
    .selectFrom('people')
    .select('name')
    .orderBy('id')
    .execute()
    .then((rows) => rows.map(({ name }) => name));
}

describe('queries', () => {
  it('go to the primary, unless they are marked', async () => {
    expect(await whereOf(db)).toBe('primary');
    expect(await whereOf(db.withPlugin(readOnly()))).toBe('replica');
    expect(await whereOf(db)).toBe('primary');
  });

  it('see on a replica what the same session wrote', async () => {
    for (let id = 1; id <= 20; id++) {
      await db
        .insertInto('people')
        .values({ name: `person ${id}` })
        .execute();
      expect(await names(db.withPlugin(readOnly()))).toHaveLength(id);
    }
    expect(cluster.status().counts.primaryReads).toBe(0);
  });

  it('are marked with the consistency they need', async () => {
    const strong = db.withPlugin(readOnly({ consistency: 'strong' }));
    const eventual = db.withPlugin(readOnly({ consistency: 'eventual' }));
    expect(await whereOf(strong)).toBe('primary');
    expect(await whereOf(eventual)).toBe('replica');
  });

  it('keep their mark when they are compiled once and run often', async () => {
    const query = db
      .withPlugin(readOnly())
      .selectNoFrom(sql<boolean>`pg_is_in_recovery()`.as('in_recovery'))
      .compile();
    for (let run = 0; run < 3; run++) {
      expect((await db.executeQuery(query)).rows).toEqual([{ in_recovery: true }]);
    }
  });

  it('have parameters and other plugins on a replica too', async () => {
    await db
      .insertInto('people')
      .values([ada, { name: 'Grace' }])
      .execute();
    const { rows } = await sql<{ firstName: string }>`
      SELECT name AS first_name FROM people WHERE name = ${'Grace'}`.execute(
      db.withPlugin(new CamelCasePlugin()).withPlugin(readOnly()),
    );
    expect(rows).toEqual([{ firstName: 'Grace' }]);
  });

  it('cannot write through a mark, wherever they are read', async () => {
    for (const consistency of ['session', 'strong'] as const) {
      const write = db.withPlugin(readOnly({ consistency })).insertInto('people').values(ada).execute();
      await expect(write).rejects.toMatchObject({ code: '25006' });
    }
    expect(await names(db)).toEqual([]);
  });

  it('say how many rows they changed', async () => {
    await db
      .insertInto('people')
      .values([ada, { name: 'Grace' }])
      .execute();
    const [update] = await db.updateTable('people').set({ team_id: null }).execute();
    expect(update?.numUpdatedRows).toBe(2n);
  });

  it('are logged, with those that begin and end a transaction', async () => {
    const logged: string[] = [];
    const logging = kysely(clusterDialect(cluster, PostgresDialect), {
      log: ({ level, query }) => void logged.push(`${level}: ${query.sql}`),
    });
    await logging.transaction().execute((trx) => trx.insertInto('people').values(ada).execute());
    await names(logging.withPlugin(readOnly()));
    await sql`SELECT 1/0`.execute(logging).catch(() => undefined);
    expect(logged).toEqual([
      'query: begin',
      'query: insert into "people" ("name") values ($1)',
      'query: commit',
      'query: select "name" from "people" order by "id"',
      'error: SELECT 1/0',
    ]);
  });

  it('carry the place of the call in their errors', async () => {
    const error = await sql`SELECT 1/0`
      .execute(db.withPlugin(readOnly()))
      .catch((reason: unknown) => reason as Error);
    expect((error as Error).stack).toContain('cluster-dialect.test');
  });
});

describe('transactions', () => {
  it('are on the primary as a whole, whatever is marked', async () => {
    const places = await db
      .withPlugin(readOnly())
      .transaction()
      .execute(async (trx) => [await whereOf(trx), await whereOf(trx.withPlugin(readOnly()))]);
    expect(places).toEqual(['primary', 'primary']);
  });

  it('see their own writes in marked queries', async () => {
    await db.transaction().execute(async (trx) => {
      await trx.insertInto('people').values(ada).execute();
      expect(await names(trx.withPlugin(readOnly()))).toEqual(['Ada']);
    });
  });

  it('roll back when their work fails', async () => {
    const failure = new Error('on purpose');
    const work = db.transaction().execute(async (trx) => {
      await trx.insertInto('people').values(ada).execute();
      throw failure;
    });
    await expect(work).rejects.toBe(failure);
    expect(await names(db)).toEqual([]);
    expect(cluster.idleCount).toBe(cluster.totalCount);
  });

  it('can be controlled, with savepoints', async () => {
    const trx = await db.startTransaction().execute();
    await trx.insertInto('people').values(ada).execute();
    const saved = await trx.savepoint('before_grace').execute();
    await saved.insertInto('people').values({ name: 'Grace' }).execute();
    const back = await saved.rollbackToSavepoint('before_grace').execute();
    const released = await back.releaseSavepoint('before_grace').execute();
    await released.insertInto('people').values({ name: 'Edsger' }).execute();
    await released.commit().execute();
    expect(await names(db)).toEqual(['Ada', 'Edsger']);
    expect(cluster.idleCount).toBe(cluster.totalCount);
  });

  it('can be given up', async () => {
    const trx = await db.startTransaction().execute();
    await trx.insertInto('people').values(ada).execute();
    await trx.rollback().execute();
    expect(await names(db)).toEqual([]);
  });

  it('tell of a commit that was none', async () => {
    const work = db.transaction().execute(async (trx) => {
      await trx.insertInto('people').values(ada).execute();
      await sql`SELECT 1/0`.execute(trx).catch(() => undefined);
    });
    await expect(work).rejects.toMatchObject({ code: 'UNITE_DB_ROLLED_BACK' });
  });

  it('are introspection and migrations, too', async () => {
    const ran = await new Migrator({
      db,
      migrationTableName: 'dialect_migrations',
      migrationLockTableName: 'dialect_migrations_lock',
      provider: {
        getMigrations: async () => ({
          one: { up: (trx) => trx.schema.createTable('migrated').addColumn('id', 'int4').execute() },
        }),
      },
    }).migrateToLatest();
    expect(ran).toEqual({ results: [{ migrationName: 'one', direction: 'Up', status: 'Success' }] });
    const tables = await db.withPlugin(readOnly()).introspection.getTables();
    expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining(['migrated', 'people', 'teams']));
  });
});

describe('a connection of one’s own', () => {
  it('reads from replicas until something else needs the primary, and then stays there', async () => {
    await db.connection().execute(async (own) => {
      const reads = own.withPlugin(readOnly());
      expect(await whereOf(reads)).toBe('replica');
      await sql`SET application_name = 'mine'`.execute(own);
      const process = await processOf(own);
      expect(await whereOf(reads)).toBe('primary');
      expect(await processOf(reads)).toBe(process);
    });
    expect(cluster.idleCount).toBe(cluster.totalCount);
  });

  it('takes none when it is not used', async () => {
    await db.connection().execute(async () => undefined);
    expect(cluster.totalCount).toBe(0);
  });

  it('asks again after there was no primary', async () => {
    let refusals = 1;
    class Refusing extends PostgresDialect {
      override createDriver() {
        const driver = super.createDriver();
        const acquire = driver.acquireConnection.bind(driver);
        driver.acquireConnection = async () => {
          if (refusals-- > 0) throw new Error('no primary');
          return acquire();
        };
        return driver;
      }
    }
    const patient = kysely(clusterDialect(cluster, Refusing));
    await patient.connection().execute(async (own) => {
      await expect(names(own)).rejects.toThrow('no primary');
      expect(await names(own)).toEqual([]);
    });
  });
});

describe('streams', () => {
  const numbers = (executor: Kysely<Tables>) =>
    executor
      .selectNoFrom([
        sql<number>`generate_series(1, 250)`.as('number'),
        sql<boolean>`pg_is_in_recovery()`.as('in_recovery'),
      ])
      .stream(100);

  it('come from a replica when they are marked', async () => {
    const rows = await collect(numbers(db.withPlugin(readOnly())));
    expect(rows).toHaveLength(250);
    expect(rows.every((row) => row.in_recovery)).toBe(true);
  });

  it('come from the primary otherwise, and inside a transaction', async () => {
    const rows = await collect(numbers(db));
    const inside = await db.transaction().execute((trx) => collect(numbers(trx.withPlugin(readOnly()))));
    for (const row of [...rows, ...inside]) expect(row.in_recovery).toBe(false);
    expect([rows.length, inside.length]).toEqual([250, 250]);
  });

  it('give their connection back when their reader stops early', async () => {
    for (const executor of [db, db.withPlugin(readOnly())]) {
      for await (const { number } of numbers(executor)) if (number === 3) break;
    }
    expect(cluster.idleCount).toBe(cluster.totalCount);
    expect(await whereOf(db.withPlugin(readOnly()))).toBe('replica');
  });

  it('need a cursor', async () => {
    const plain = kysely(clusterDialect(cluster, PostgresDialect));
    await expect(collect(numbers(plain.withPlugin(readOnly())))).rejects.toThrow('cursor');
    await expect(collect(numbers(plain))).rejects.toThrow('cursor');
    expect(cluster.idleCount).toBe(cluster.totalCount);
  });
});

describe('ending', () => {
  it('closes the cluster', async () => {
    await names(db);
    await db.destroy();
    await expect(cluster.query('SELECT 1')).rejects.toMatchObject({ code: 'UNITE_DB_CLOSED' });
  });
});

describe('options', () => {
  it('are checked', () => {
    const wrong = { cursors: Cursor } as unknown as { cursor: typeof Cursor };
    expect(() => clusterDialect(cluster, PostgresDialect, wrong)).toThrow(
      'clusterDialect: unknown option "cursors"',
    );
    const bad = 'soon' as unknown as 'eventual';
    expect(() => readOnly({ consistency: bad })).toThrow('option "consistency" must be one of');
  });

  it('leave the rest of the dialect as it is', () => {
    const dialect: Dialect = clusterDialect(cluster, PostgresDialect);
    expect(dialect.createAdapter().supportsReturning).toBe(true);
  });
});
