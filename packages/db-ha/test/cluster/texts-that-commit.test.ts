import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { createContext, runWithContext } from '@unite/core/context';
import type pg from 'pg';
import type { Cluster } from '../../src';
import { eventually } from './support/eventually';
import { type Lab, startLab } from './support/start-lab';

let lab: Lab;
let db: Cluster<pg.Pool>;

beforeAll(async () => {
  lab = await startLab();
  await lab.ask(
    lab.primary,
    `CREATE TABLE payouts (batch int);
     CREATE FUNCTION conflict() RETURNS void LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'lost against another' USING ERRCODE = '40001'; END $$;
     CREATE PROCEDURE pay(batch int) LANGUAGE plpgsql AS $$
       BEGIN INSERT INTO payouts VALUES (batch); COMMIT; PERFORM conflict(); END $$;
     CREATE PROCEDURE pay_slowly(batch int) LANGUAGE plpgsql AS $$
       BEGIN INSERT INTO payouts VALUES (batch); COMMIT; PERFORM pg_sleep(30); END $$`,
  );
  db = lab.open();
  await db.ready();
});
beforeEach(async () => {
  await lab.ask(lab.primary, 'TRUNCATE payouts');
});
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]();
});

const payouts = async () => (await lab.ask(lab.primary, 'SELECT batch FROM payouts')).length;

it.each(['CALL pay(1)', 'BEGIN; INSERT INTO payouts VALUES (1); COMMIT; SELECT conflict()'])(
  'is not run again behind the caller’s back after a conflict: %s',
  async (text) => {
    await expect(db.query(text)).rejects.toMatchObject({ code: '40001' });
    expect(await payouts()).toBe(1);
  },
);

it.each([
  ['by the pool', 'CALL pay_slowly(1)', () => db],
  ['by the pool', 'BEGIN; INSERT INTO payouts VALUES (1); COMMIT; SELECT pg_sleep(30)', () => db],
  ['by a borrowed client', 'CALL pay_slowly(1)', () => db.connect()],
])('is told as unknown when it is cancelled, %s: %s', async (_, text, open) => {
  const queryable = await open();
  const controller = new AbortController();
  const context = createContext({ signal: controller.signal });
  const outcome = runWithContext(context, () => queryable.query(text)).catch((error: unknown) => error);
  await eventually(async () => (await payouts()) === 1);
  controller.abort();
  expect(await outcome).toMatchObject({ code: 'UNITE_DB_COMMIT_UNKNOWN' });
  if ('release' in queryable) queryable.release();
});

it('a procedure that fails before it commits, in a transaction, took no effect', async () => {
  const client = await db.connect();
  await client.query('BEGIN');
  const context = createContext({ deadlineAtMs: Date.now() + 100 });
  const slow = runWithContext(context, () => client.query('SELECT pg_sleep(30)'));
  await expect(slow).rejects.toMatchObject({ code: 'UNITE_DB_DEADLINE_EXCEEDED' });
  client.release();
});

it('errors that a function raises are the application’s, whatever code they have', async () => {
  await lab.ask(
    lab.primary,
    `CREATE FUNCTION say(code text) RETURNS void LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'said' USING ERRCODE = code; END $$`,
  );
  await lab.replayed();
  const before = db.status().counts;
  for (const code of ['08006', '57P03', '53300', '57P01', '25P03']) {
    for (const queryable of [db, db.readOnly()])
      await expect(queryable.query('SELECT say($1)', [code])).rejects.toMatchObject({ code });
    await expect(db.transaction((tx) => tx.query('SELECT say($1)', [code]))).rejects.toMatchObject({ code });
  }
  await expect(db.readOnly().query('SELECT $1::int, $2::int', [1])).rejects.toMatchObject({ code: '08P01' });
  const { retriedReads, retriedWrites, retriedTransactions } = db.status().counts;
  expect({ retriedReads, retriedWrites, retriedTransactions }).toEqual({
    retriedReads: before.retriedReads,
    retriedWrites: before.retriedWrites,
    retriedTransactions: before.retriedTransactions,
  });
  expect(db.status().nodes.map(({ breaker }) => breaker)).toEqual(['closed', 'closed', 'closed']);
});

it('a transaction that its work made read-only runs once', async () => {
  let runs = 0;
  const transaction = db.transaction(async (tx) => {
    runs += 1;
    await tx.query('SET TRANSACTION READ ONLY');
    await tx.query('INSERT INTO payouts VALUES (1)');
  });
  await expect(transaction).rejects.toMatchObject({ code: '25006' });
  expect(runs).toBe(1);
});
