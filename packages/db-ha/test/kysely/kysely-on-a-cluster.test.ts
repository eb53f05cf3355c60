import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Kysely, PostgresDialect, sql } from 'kysely';
import type pg from 'pg';
import Cursor from 'pg-cursor';
import { clusterDialect } from '../../src/kysely';
import type { Cluster } from '../../src/types';
import { collect, kysely, processOf, startDatabase, type Tables, type TestDatabase } from './start-database';

// What Kysely promises on a pool of `pg`, on both ways to give it a cluster.
const dialects = {
  'PostgresDialect with the cluster as its pool': (cluster: Cluster<pg.Pool>) =>
    new PostgresDialect({ pool: cluster, cursor: Cursor }),
  clusterDialect: (cluster: Cluster<pg.Pool>) => clusterDialect(cluster, PostgresDialect, { cursor: Cursor }),
};

let database: TestDatabase;

beforeAll(async () => {
  database = await startDatabase();
});

afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

describe.each(Object.entries(dialects))('%s', (_, dialectOf) => {
  let cluster: Cluster<pg.Pool>;
  let db: Kysely<Tables>;

  beforeEach(async () => {
    await database.clear();
    cluster = await database.openReady({ pool: { max: 4 } });
    db = kysely(dialectOf(cluster));
  });

  afterEach(async () => {
    expect({ idle: cluster.idleCount, waiting: cluster.waitingCount }).toEqual({
      idle: cluster.totalCount,
      waiting: 0,
    });
    await db.destroy();
  });

  const add = (executor: Kysely<Tables>, name: string) =>
    executor.insertInto('people').values({ name }).execute();

  const names = async (executor: Kysely<Tables>) =>
    (await executor.selectFrom('people').select('name').orderBy('name').execute()).map(({ name }) => name);

  it('inserts, joins, updates and deletes', async () => {
    const team = await db
      .insertInto('teams')
      .values({ title: 'Compilers' })
      .returning('id')
      .executeTakeFirstOrThrow();
    const inserted = await db
      .insertInto('people')
      .values([
        { name: 'Ada', team_id: null },
        { name: 'Grace', team_id: team.id },
      ])
      .executeTakeFirst();
    const joined = await db
      .selectFrom('people')
      .leftJoin('teams', 'teams.id', 'people.team_id')
      .select(['people.name', 'teams.title'])
      .orderBy('people.name')
      .execute();
    const upserted = await db
      .insertInto('people')
      .values({ name: 'Ada' })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ team_id: team.id }))
      .executeTakeFirst();
    const deleted = await db.deleteFrom('people').where('team_id', '=', team.id).executeTakeFirst();
    expect(joined).toEqual([
      { name: 'Ada', title: null },
      { name: 'Grace', title: 'Compilers' },
    ]);
    expect([
      inserted.numInsertedOrUpdatedRows,
      upserted.numInsertedOrUpdatedRows,
      deleted.numDeletedRows,
    ]).toEqual([2n, 1n, 2n]);
  });

  it('hands the driver’s errors on, and works after them', async () => {
    await add(db, 'Ada');
    await expect(add(db, 'Ada')).rejects.toMatchObject({
      code: '23505',
      constraint: 'people_name_key',
      table: 'people',
    });
    await expect(sql`SELEC 1`.execute(db)).rejects.toMatchObject({ code: '42601' });
    expect(await names(db)).toEqual(['Ada']);
  });

  it('keeps a transaction on one connection, and others out of it', async () => {
    const [pids, outside] = await db.transaction().execute(async (trx) => {
      const before = await processOf(trx);
      await add(trx, 'Ada');
      return [[before, await processOf(trx)], await names(db)];
    });
    expect(pids?.[0]).toBe(pids?.[1]);
    expect(outside).toEqual([]);
    expect(await names(db)).toEqual(['Ada']);
  });

  it('rolls a transaction back with its work', async () => {
    const failure = new Error('on purpose');
    const work = db.transaction().execute(async (trx) => {
      await add(trx, 'Ada');
      throw failure;
    });
    await expect(work).rejects.toBe(failure);
    expect(await names(db)).toEqual([]);
  });

  it.each(['read uncommitted', 'read committed', 'repeatable read', 'serializable'] as const)(
    'begins a transaction that is %s',
    async (level) => {
      const { rows } = await db
        .transaction()
        .setIsolationLevel(level)
        .execute((trx) => sql`SHOW transaction_isolation`.execute(trx));
      expect(rows).toEqual([{ transaction_isolation: level }]);
    },
  );

  it('begins a transaction that cannot write', async () => {
    const work = db
      .transaction()
      .setAccessMode('read only')
      .execute((trx) => add(trx, 'Ada'));
    await expect(work).rejects.toMatchObject({ code: '25006' });
  });

  it('tells the loser of two transactions', async () => {
    await add(db, 'Ada');
    const both = ['one', 'two'].map((suffix) =>
      db
        .transaction()
        .setIsolationLevel('serializable')
        .execute(async (trx) => {
          const [first] = await names(trx);
          await trx
            .updateTable('people')
            .set({ name: `${first} ${suffix}` })
            .execute();
        }),
    );
    const outcomes = await Promise.allSettled(both);
    const lost = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    for (const error of lost) expect(error).toMatchObject({ code: '40001' });
    expect((await names(db))[0]).toMatch(lost.length > 0 ? /^Ada (one|two)$/ : /^Ada one two$|^Ada two one$/);
  });

  it('runs more transactions than it has connections', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        db.transaction().execute(async (trx) => {
          await add(trx, `person ${index}`);
          expect(await names(trx)).toContain(`person ${index}`);
        }),
      ),
    );
    expect(await names(db)).toHaveLength(20);
    expect(cluster.totalCount).toBeLessThanOrEqual(4);
  });

  it('nests by savepoints', async () => {
    const trx = await db.startTransaction().execute();
    await add(trx, 'Ada');
    const saved = await trx.savepoint('sure').execute();
    await add(saved, 'Grace');
    await expect(add(saved, 'Ada')).rejects.toMatchObject({ code: '23505' });
    const back = await saved.rollbackToSavepoint('sure').execute();
    await add(back, 'Edsger');
    await back.commit().execute();
    expect(await names(db)).toEqual(['Ada', 'Edsger']);
  });

  it('streams in chunks, and frees the connection after an error', async () => {
    const stream = (last: number) =>
      db
        .selectFrom(sql<{ n: number }>`generate_series(1, ${last}::int)`.as<'series'>(sql`series(n)`))
        .select(sql<number>`100 / (3 - n)`.as('share'))
        .stream(1);
    expect(await collect(stream(2))).toEqual([{ share: 50 }, { share: 100 }]);
    await expect(collect(stream(4))).rejects.toMatchObject({ code: '22012' });
    expect(await names(db)).toEqual([]);
  });

  it('has one connection for as long as one is wanted', async () => {
    const settings = await db.connection().execute(async (own) => {
      await sql`SET search_path = 'elsewhere'`.execute(own);
      const { rows } = await sql`SHOW search_path`.execute(own);
      await sql`RESET search_path`.execute(own);
      return rows;
    });
    expect(settings).toEqual([{ search_path: 'elsewhere' }]);
  });

  it('makes tables and finds them', async () => {
    await db.schema
      .createTable('rooms')
      .addColumn('id', 'serial', (column) => column.primaryKey())
      .addColumn('label', 'text')
      .execute();
    const rooms = (await db.introspection.getTables()).find(({ name }) => name === 'rooms');
    await db.schema.dropTable('rooms').execute();
    expect(rooms?.columns.map(({ name }) => name)).toEqual(['id', 'label']);
  });

  it('lets a transaction finish that runs when it is destroyed', async () => {
    const { destroyed } = await db.transaction().execute(async (trx) => {
      await add(trx, 'Ada');
      const destroyed = db.destroy();
      // Kysely ends the pool a turn later.
      await new Promise(setImmediate);
      await add(trx, 'Grace');
      return { destroyed };
    });
    await destroyed;
    await expect(names(db)).rejects.toThrow('driver has already been destroyed');
    expect(await names(kysely(dialectOf(database.open())))).toEqual(['Ada', 'Grace']);
  });
});

describe('a query that takes too long', () => {
  it.each(Object.entries(dialects))('is given up and cancelled: %s', async (_, dialectOf) => {
    const cluster = await database.openReady({ queryTimeoutMs: 1_000, pool: { max: 1 } });
    const db = kysely(dialectOf(cluster));
    const deadline = { code: 'UNITE_DB_DEADLINE_EXCEEDED' };
    await expect(
      db.transaction().execute((trx) => sql`SELECT pg_sleep(30)`.execute(trx)),
    ).rejects.toMatchObject(deadline);
    const { rows } = await sql`SELECT 1 AS one`.execute(db);
    expect(rows).toEqual([{ one: 1 }]);
    await db.destroy();
  });
});
