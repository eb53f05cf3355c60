import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type pg from 'pg';
import { lockResource } from '../../src/resource/lock-resource';
import { startDatabase, type TestDatabase } from '../postgres/support/start-database';

let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await startDatabase();
  pool = database.pool({ max: 20 });
  await pool.query('CREATE TABLE contacts (tenant_id text NOT NULL)');
});
beforeEach(async () => {
  await pool.query('TRUNCATE contacts');
});
afterAll(async () => database?.[Symbol.asyncDispose]());

/** Runs `work` in a transaction, which is rolled back in any case but its success. */
async function inTransaction<Result>(
  begin: string,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query(begin);
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

function addContact(tenantId: string, max: number): Promise<boolean> {
  return inTransaction('BEGIN', async (client) => {
    await lockResource(transactionOf(client), `${tenantId}:contacts`);
    const count = 'SELECT count(*)::int AS count FROM contacts WHERE tenant_id = $1';
    const { rows } = await client.query(count, [tenantId]);
    if (rows[0].count >= max) return false;
    await client.query('INSERT INTO contacts VALUES ($1)', [tenantId]);
    return true;
  });
}

function transactionOf(client: pg.PoolClient | pg.Pool) {
  return { query: (text: string, values: readonly unknown[]) => client.query(text, [...values]) };
}

test('of twenty that want the last place, one has it', async () => {
  // Connections that are opened one after the other would have them come one after the other.
  await Promise.all(Array.from({ length: 20 }, () => pool.query('SELECT pg_sleep(0.1)')));
  for (const _ of Array(4).keys()) await addContact('acme', 5);
  const results = await Promise.all(Array.from({ length: 20 }, () => addContact('acme', 5)));
  expect(results.filter(Boolean)).toHaveLength(1);
  const { rows } = await pool.query('SELECT count(*)::int AS count FROM contacts');
  expect(rows).toEqual([{ count: 5 }]);
});

test('one tenant does not wait for another', async () => {
  await inTransaction('BEGIN', async (client) => {
    await lockResource(transactionOf(client), 'acme:contacts');
    expect(await addContact('other', 1)).toBe(true);
  });
});

test.each(['REPEATABLE READ', 'SERIALIZABLE'])(
  'is refused in a transaction that is %s',
  async (isolation) => {
    const claim = inTransaction(`BEGIN ISOLATION LEVEL ${isolation}`, (client) =>
      lockResource(transactionOf(client), 'acme:contacts'),
    );
    await expect(claim).rejects.toMatchObject({ code: 'UNITE_QUOTA_ISOLATION_UNSUITABLE' });
  },
);

test('is refused outside a transaction, on a connection and on a pool', async () => {
  const error = {
    code: 'UNITE_QUOTA_ISOLATION_UNSUITABLE',
    message: expect.stringContaining('in a transaction'),
  };
  const client = await pool.connect();
  for (const _ of Array(20).keys())
    await expect(lockResource(transactionOf(client), 'acme:contacts')).rejects.toMatchObject(error);
  client.release();
  await expect(lockResource(transactionOf(pool), 'acme:contacts')).rejects.toMatchObject(error);
});

test('waits as long as the transaction may', async () => {
  await inTransaction('BEGIN', async (holder) => {
    await lockResource(transactionOf(holder), 'acme:contacts');
    const waiting = inTransaction('BEGIN', async (client) => {
      await client.query(`SET LOCAL lock_timeout = '50ms'`);
      await lockResource(transactionOf(client), 'acme:contacts');
    });
    await expect(waiting).rejects.toMatchObject({ code: '55P03' });
  });
});
