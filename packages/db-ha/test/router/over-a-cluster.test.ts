import { expect, test } from '@jest/globals';
import { startPostgres } from '@unite/services';
import { Kysely, PostgresDialect, sql } from 'kysely';
import * as parser from 'libpg-query';
import pg from 'pg';
import { createCluster } from '../../src';
import { createRouter } from '../../src/router';
import { allUp } from '../cluster/support/all-up';

interface Tables {
  notes: { id: number };
}

test('a router over a real cluster reads from replicas what it wrote, and reroutes what they refuse', async () => {
  await using servers = await startPostgres({ replicas: 1 });
  await using cluster = createCluster({
    nodes: [servers.primaryUrl, ...servers.replicaUrls].map((url) => ({ url })),
    Pool: pg.Pool,
    // Slow machines: what is tested is where a read goes, not how soon the replica has it or answers.
    reads: { waitForReplicaMs: 30_000 },
    probeTimeoutMs: 10_000,
  });
  await allUp(cluster);
  await cluster.query(`
    CREATE TABLE notes (id int);
    CREATE UNLOGGED TABLE scratch (id int);
    CREATE SEQUENCE counter;
    CREATE VIEW counting AS SELECT nextval('counter') AS n`);
  const router = await createRouter({ parser, safeFunctions: ['pg_is_in_recovery'] });
  const pool = router.route(cluster);

  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  await db.insertInto('notes').values({ id: 1 }).execute();
  const replica = sql<boolean>`pg_is_in_recovery()`.as('replica');
  expect(await db.selectFrom('notes').select(['id', replica]).execute()).toEqual([{ id: 1, replica: true }]);
  await db.transaction().execute(async (transaction) => {
    await transaction.insertInto('notes').values({ id: 2 }).execute();
    expect(await transaction.selectFrom('notes').select(['id', replica]).execute()).toEqual([
      { id: 1, replica: false },
      { id: 2, replica: false },
    ]);
  });

  for (const text of ['SELECT n > 0 AS ok FROM counting', 'SELECT count(*) = 0 AS ok FROM scratch']) {
    expect((await pool.query(text)).rows).toEqual([{ ok: true }]);
    expect(router.classify(text)).toMatchObject({ reason: 'refused by a replica' });
  }

  const client = await pool.connect();
  const submitted = new pg.Query('SELECT 1 AS one');
  client.query(submitted);
  expect((await client.query('DELETE FROM notes')).rowCount).toBe(2);
  client.release();
  await pool.end();
});
