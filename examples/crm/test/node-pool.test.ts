import { afterAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { isUnavailable } from '../lib/database/errors';
import { createNodePool } from '../lib/database/node-pool';

const pool = createNodePool(process.env.TEST_DATABASE_URL ?? '', {
  maxConnections: 2,
  connectTimeoutMs: 3_000,
});
afterAll(() => pool.close());

test('a connection that breaks between two queries of a transaction fails the second and ends nothing', async () => {
  // Nobody waits for an answer when the server's farewell arrives: an event without a listener would throw.
  const broken = pool.db.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(transaction);
    const pid = rows[0]?.pid;
    await sql`select pg_terminate_backend(${pid}::int, 5000)`.execute(pool.db);
    await sql`select 1`.execute(transaction);
  });
  const error = await broken.catch((reason: unknown) => reason);
  expect(isUnavailable(error)).toBe(true);
  expect((await sql<{ one: number }>`select 1 as one`.execute(pool.db)).rows).toEqual([{ one: 1 }]);
});
