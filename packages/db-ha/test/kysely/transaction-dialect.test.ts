import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CamelCasePlugin, type Kysely, PostgresDialect, sql } from 'kysely';
import type pg from 'pg';
import { idempotencyTableSql } from '../../src';
import { transactionDialect } from '../../src/kysely';
import type { Cluster, Transaction } from '../../src/types';
import { kysely, startDatabase, type Tables, type TestDatabase } from './start-database';

let database: TestDatabase;
let cluster: Cluster<pg.Pool>;

beforeAll(async () => {
  database = await startDatabase();
  cluster = database.open();
  await cluster.query(idempotencyTableSql());
});

beforeEach(() => database.clear());

afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

const inside = (tx: Transaction): Kysely<Tables> => kysely(transactionDialect(tx, PostgresDialect));

async function names(): Promise<string[]> {
  const { rows } = await cluster.query<{ name: string }>('SELECT name FROM people ORDER BY id');
  return rows.map(({ name }) => name);
}

describe('transactionDialect', () => {
  it('runs queries in the transaction of the cluster', async () => {
    const id = await cluster.transaction(async (tx) => {
      const person = await inside(tx)
        .insertInto('people')
        .values({ name: 'Ada' })
        .returning('id')
        .executeTakeFirstOrThrow();
      expect(await names()).toEqual([]);
      return person.id;
    });
    expect(id).toBe(1);
    expect(await names()).toEqual(['Ada']);
  });

  it('takes effect once for a key', async () => {
    const order = () =>
      cluster.transaction(
        async (tx) => {
          const db = inside(tx);
          const inserted = await db.insertInto('people').values({ name: 'Grace' }).executeTakeFirst();
          return Number(inserted.numInsertedOrUpdatedRows);
        },
        { idempotencyKey: 'kysely:grace' },
      );
    expect([await order(), await order()]).toEqual([1, 1]);
    expect(await names()).toEqual(['Grace']);
  });

  it('rolls back with the work', async () => {
    const work = cluster.transaction(async (tx) => {
      await inside(tx).insertInto('people').values({ name: 'Ada' }).execute();
      throw new Error('on purpose');
    });
    await expect(work).rejects.toThrow('on purpose');
    expect(await names()).toEqual([]);
  });

  it('is run again after a conflict', async () => {
    let attempts = 0;
    await cluster.transaction(async (tx) => {
      attempts += 1;
      const db = inside(tx);
      await db
        .insertInto('people')
        .values({ name: `attempt ${attempts}` })
        .execute();
      if (attempts === 1) await sql`DO $$ BEGIN RAISE SQLSTATE '40001'; END $$`.execute(db);
    });
    expect(await names()).toEqual(['attempt 2']);
  });

  it('takes plugins, savepoints by hand, and several queries at once', async () => {
    const rows = await cluster.transaction(async (tx) => {
      const db = inside(tx).withPlugin(new CamelCasePlugin());
      await Promise.all(['Ada', 'Grace'].map((name) => db.insertInto('people').values({ name }).execute()));
      await sql`SAVEPOINT sure`.execute(db);
      await expect(db.insertInto('people').values({ name: 'Ada' }).execute()).rejects.toMatchObject({
        code: '23505',
      });
      await sql`ROLLBACK TO SAVEPOINT sure`.execute(db);
      return (await sql<{ teamId: null }>`SELECT team_id FROM people`.execute(db)).rows;
    });
    expect(rows).toEqual([{ teamId: null }, { teamId: null }]);
  });

  it('refuses a transaction inside', async () => {
    const refusal = /a transaction of the cluster is running already/;
    await cluster.transaction(async (tx) => {
      const db = inside(tx);
      await expect(db.transaction().execute(async () => undefined)).rejects.toThrow(refusal);
      await expect(db.startTransaction().execute()).rejects.toThrow(refusal);
      await db.insertInto('people').values({ name: 'Ada' }).execute();
    });
    expect(await names()).toEqual(['Ada']);
  });

  it('knows the tables, and can be destroyed without ending anything', async () => {
    await cluster.transaction(async (tx) => {
      const db = inside(tx);
      const tables = await db.introspection.getTables();
      expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining(['people', 'teams']));
      await db.connection().execute((own) => sql`SELECT 1`.execute(own));
      expect(db.getExecutor().adapter.supportsReturning).toBe(true);
      await db.destroy();
    });
    expect(await names()).toEqual([]);
  });

  it('is over when the transaction is', async () => {
    let late: Kysely<Tables> | undefined;
    await cluster.transaction(async (tx) => {
      late = inside(tx);
    });
    await expect(late?.selectFrom('people').selectAll().execute()).rejects.toThrow('The transaction is over');
  });
});
