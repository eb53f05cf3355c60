import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type PostgresCluster, startPostgres } from '@unite/services';
import { eq, sql } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { integer, pgTable, serial, text, withReplicas } from 'drizzle-orm/pg-core';
import pg from 'pg';
import { CommitUnknownError, createCluster } from '../src';
import type { Cluster } from '../src/types';

const books = pgTable('books', {
  id: serial().primaryKey(),
  title: text().notNull().unique(),
  pages: integer(),
});
const schema = { books };

type Database = NodePgDatabase<typeof schema>;
/** Of Drizzle's databases and transactions. */
type Executor = Pick<Database, 'execute' | 'select' | 'insert'>;

let servers: PostgresCluster;
let cluster: Cluster<pg.Pool>;
let db: Database & { $client: Cluster<pg.Pool> };

beforeAll(async () => {
  servers = await startPostgres({ replicas: 1 });
  const owner = new pg.Client({ connectionString: servers.primaryUrl });
  await owner.connect();
  await owner.query(`
    CREATE TABLE books (id serial PRIMARY KEY, title text NOT NULL UNIQUE, pages int);
    CREATE TABLE slow (id int);
    CREATE FUNCTION sleep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(30); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON slow DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION sleep()`);
  await owner.end();
});

beforeEach(async () => {
  cluster = createCluster({
    nodes: servers.nodes.map(({ name, url }) => ({ name, url })),
    Pool: pg.Pool,
    pool: { max: 4 },
    // Slow machines: what is tested is where a read goes, not how soon the replica has it or answers.
    reads: { waitForReplicaMs: 10_000 },
    probeTimeoutMs: 10_000,
    healthCheckEveryMs: 100,
  });
  await cluster.query('TRUNCATE books');
  await cluster.ready();
  while (cluster.status().nodes.some(({ state }) => state !== 'up')) await setTimeout(20);
  db = drizzle(cluster, { schema });
});

afterEach(async () => {
  expect([cluster.idleCount, cluster.waitingCount]).toEqual([cluster.totalCount, 0]);
  await cluster.close();
});

afterAll(async () => {
  await servers.close();
});

async function pidOf(executor: Executor): Promise<number | undefined> {
  const { rows } = await executor.execute<{ pid: number }>(sql`SELECT pg_backend_pid() AS pid`);
  return rows[0]?.pid;
}

async function titles(executor: Executor): Promise<string[]> {
  const rows = await executor.select({ title: books.title }).from(books).orderBy(books.title);
  return rows.map(({ title }) => title);
}

/** Waits until the server process has a commit to do. */
async function untilCommitting(pidNow: () => number | undefined): Promise<void> {
  for (;;) {
    const { rowCount } = await db.execute(sql`
      SELECT FROM pg_stat_activity
      WHERE pid = ${pidNow() ?? 0}::int AND state = 'active' AND query ILIKE 'commit%'`);
    if (rowCount === 1) return;
    await setTimeout(10);
  }
}

/** What the driver said, which Drizzle keeps as the cause. */
async function causeOf(work: Promise<unknown>): Promise<unknown> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return (error as Error | undefined)?.cause ?? error;
}

describe('queries', () => {
  it('insert, change, find and delete', async () => {
    const [inserted] = await db.insert(books).values({ title: 'SICP', pages: 657 }).returning();
    await db.update(books).set({ pages: 658 }).where(eq(books.title, 'SICP'));
    const found = await db.query.books.findFirst({ columns: { pages: true } });
    const deleted = await db.delete(books);
    expect(inserted).toMatchObject({ title: 'SICP', pages: 657 });
    expect(found).toEqual({ pages: 658 });
    expect(deleted.rowCount).toBe(1);
  });

  it('can be prepared', async () => {
    await db.insert(books).values([{ title: 'SICP' }, { title: 'TAOCP' }]);
    const byTitle = db
      .select({ title: books.title })
      .from(books)
      .where(eq(books.title, sql.placeholder('title')))
      .prepare('by_title');
    const found = await Promise.all(['SICP', 'TAOCP', 'CLRS'].map((title) => byTitle.execute({ title })));
    expect(found).toEqual([[{ title: 'SICP' }], [{ title: 'TAOCP' }], []]);
  });

  it('hand the driver’s error on', async () => {
    const insert = () => db.insert(books).values({ title: 'SICP' }).execute();
    await insert();
    expect(await causeOf(insert())).toMatchObject({ code: '23505', constraint: 'books_title_key' });
  });
});

describe('transactions', () => {
  it('take one connection, and nobody sees them before they end', async () => {
    const pids = await db.transaction(async (tx) => {
      const before = await pidOf(tx);
      await tx.insert(books).values({ title: 'SICP' });
      expect(await titles(tx)).toEqual(['SICP']);
      expect(await titles(db)).toEqual([]);
      return [before, await pidOf(tx)];
    });
    expect(pids[0]).toBe(pids[1]);
    expect(await titles(db)).toEqual(['SICP']);
  });

  it('roll back when their work fails', async () => {
    const failure = new Error('on purpose');
    const work = db.transaction(async (tx) => {
      await tx.insert(books).values({ title: 'SICP' });
      throw failure;
    });
    await expect(work).rejects.toBe(failure);
    expect(await titles(db)).toEqual([]);
  });

  it('nest by savepoints', async () => {
    await db.transaction(async (tx) => {
      await tx.insert(books).values({ title: 'SICP' });
      const inner = tx.transaction(async (nested) => {
        await nested.insert(books).values({ title: 'TAOCP' });
        nested.rollback();
      });
      await expect(inner).rejects.toThrow('Rollback');
      await tx.insert(books).values({ title: 'CLRS' });
    });
    expect(await titles(db)).toEqual(['CLRS', 'SICP']);
  });

  it('have the isolation that was asked for', async () => {
    const { rows } = await db.transaction((tx) => tx.execute(sql`SHOW transaction_isolation`), {
      isolationLevel: 'serializable',
    });
    expect(rows).toEqual([{ transaction_isolation: 'serializable' }]);
  });

  it('run side by side, more than there are connections', async () => {
    const pids = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        db.transaction(async (tx) => {
          const before = await pidOf(tx);
          await tx.insert(books).values({ title: `volume ${index}` });
          expect(await pidOf(tx)).toBe(before);
          return before;
        }),
      ),
    );
    expect(new Set(pids).size).toBeLessThanOrEqual(4);
    expect(await titles(db)).toHaveLength(20);
  });

  it('tell of a commit whose outcome nobody knows, whatever Drizzle does after it', async () => {
    let pid: number | undefined;
    const work = db.transaction(async (tx) => {
      pid = await pidOf(tx);
      await tx.execute(sql`INSERT INTO slow VALUES (1)`);
    });
    const cause = causeOf(work);
    await untilCommitting(() => pid);
    await db.execute(sql`SELECT pg_terminate_backend(${pid}::int)`);
    expect(CommitUnknownError.isInstance(await cause)).toBe(true);
  });
});

describe('replicas', () => {
  it('are read from by a database over readOnly()', async () => {
    const reads = drizzle(cluster.readOnly(), { schema });
    await db.insert(books).values({ title: 'SICP' });
    expect(await titles(reads)).toEqual(['SICP']);
    const { rows } = await reads.execute(sql`SELECT pg_is_in_recovery() AS in_recovery`);
    expect(rows).toEqual([{ in_recovery: true }]);
    const write = reads.insert(books).values({ title: 'TAOCP' }).execute();
    expect(await causeOf(write)).toMatchObject({ code: '25006' });
  });

  it('have transactions of their own, on one connection', async () => {
    const reads = drizzle(cluster.readOnly(), { schema });
    await reads.transaction(
      async (tx) => {
        const before = await pidOf(tx);
        const { rows } = await tx.execute(sql`SELECT pg_is_in_recovery() AS in_recovery`);
        expect(rows).toEqual([{ in_recovery: true }]);
        expect(await pidOf(tx)).toBe(before);
      },
      { isolationLevel: 'repeatable read' },
    );
  });

  it('serve Drizzle’s withReplicas, which then sees what it wrote', async () => {
    const both = withReplicas(db, [drizzle(cluster.readOnly(), { schema })]);
    const before = cluster.status().counts.replicaReads;
    for (let volume = 1; volume <= 10; volume++) {
      await both.insert(books).values({ title: `volume ${volume}` });
      expect(await both.select().from(books)).toHaveLength(volume);
      expect(await both.query.books.findMany()).toHaveLength(volume);
    }
    expect(cluster.status().counts.replicaReads - before).toBe(20);
    await both.transaction(async (tx) => {
      await tx.insert(books).values({ title: 'SICP' });
      expect(await titles(tx)).toContain('SICP');
    });
    expect(await titles(both.$primary)).toHaveLength(11);
  });
});

describe('a transaction of the cluster', () => {
  it('can run Drizzle', async () => {
    await cluster.transaction(async (tx) => {
      const inside = drizzle(tx as unknown as pg.Client, { schema });
      await inside.insert(books).values({ title: 'SICP', pages: 657 });
      expect(await titles(inside)).toEqual(['SICP']);
      expect(await titles(db)).toEqual([]);
    });
    expect(await titles(db)).toEqual(['SICP']);
  });

  it('is tried again after a conflict that Drizzle wrapped', async () => {
    await db.insert(books).values({ title: 'SICP', pages: 1 });
    let attempts = 0;
    await cluster.transaction(
      async (tx) => {
        const inside = drizzle(tx as unknown as pg.Client, { schema });
        await titles(inside);
        attempts += 1;
        if (attempts === 1) await db.update(books).set({ pages: 2 });
        await inside.update(books).set({ pages: 3 });
      },
      { isolation: 'repeatable read' },
    );
    expect(attempts).toBe(2);
  });

  it('is not ended by a transaction of Drizzle’s inside it', async () => {
    const refusal = /BEGIN, COMMIT and ROLLBACK are the cluster's/;
    await cluster.transaction(async (tx) => {
      const inside = drizzle(tx as unknown as pg.Client, { schema });
      const nested = inside.transaction((deeper) => deeper.insert(books).values({ title: 'TAOCP' }));
      expect(String(await causeOf(nested))).toMatch(refusal);
      for (const text of [
        'commit',
        'END;',
        ' Rollback',
        'ABORT',
        'start  transaction',
        'PREPARE TRANSACTION $$x$$',
      ])
        await expect(tx.query({ text })).rejects.toThrow(refusal);
      await tx.query('SAVEPOINT one');
      for (const text of ['ROLLBACK TO one', 'rollback work to savepoint one', 'RELEASE one'])
        await tx.query(text);
      await inside.insert(books).values({ title: 'SICP' });
    });
    expect(await titles(db)).toEqual(['SICP']);
  });
});
