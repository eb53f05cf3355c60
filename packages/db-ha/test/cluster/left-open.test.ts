import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type pg from 'pg';
import type { Cluster } from '../../src';
import { type Lab, startLab } from './support/start-lab';

let lab: Lab;
let db: Cluster<pg.Pool>;

beforeAll(async () => {
  lab = await startLab();
  await lab.ask(lab.primary, 'CREATE TABLE notes (id int)');
  db = lab.open({ nodes: [lab.nodes[0]], pool: { max: 1 } });
});
beforeEach(async () => {
  await lab.ask(lab.primary, 'TRUNCATE notes');
});
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]();
});

const ids = async () =>
  (await lab.ask<{ id: number }>(lab.primary, 'SELECT id FROM notes')).map(({ id }) => id);

it.each(['BEGIN', 'BEGIN; INSERT INTO notes VALUES (1)'])(
  'a statement that leaves a transaction open is told so, and harms no later one: %s',
  async (text) => {
    await expect(db.query(text)).rejects.toMatchObject({ code: 'UNITE_DB_ROLLED_BACK' });
    await db.query('INSERT INTO notes VALUES (2)');
    expect(await ids()).toEqual([2]);
  },
);

it('a script that fails inside its transaction harms no later statement', async () => {
  const script = 'BEGIN; INSERT INTO notes VALUES (1); SELECT 1 / 0; COMMIT';
  for (let turn = 0; turn < 20; turn++)
    await expect(db.query(script)).rejects.toMatchObject({ code: '22012' });
  await db.query('INSERT INTO notes VALUES (2)');
  expect(await ids()).toEqual([2]);
});

it('a read that leaves one open, or fails inside of it, harms no later read', async () => {
  const reads = db.readOnly();
  await reads.query('BEGIN; SELECT 1');
  await expect(reads.query('BEGIN; SELECT 1 / 0')).rejects.toMatchObject({ code: '22012' });
  const { rows } = await reads.query('SELECT 1 AS one');
  expect(rows).toEqual([{ one: 1 }]);
});

it('a script in order keeps its connection', async () => {
  const pid = async () => (await db.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid;
  const before = await pid();
  await db.query('BEGIN; INSERT INTO notes VALUES (1); COMMIT');
  await expect(db.query('SELECT 1 / 0')).rejects.toMatchObject({ code: '22012' });
  expect(await pid()).toBe(before);
});

it('nothing makes a read-only pool write, on the primary either', async () => {
  const reads = db.readOnly();
  const refusal = /may not make its transaction writable/;
  for (const text of [
    'BEGIN READ WRITE; INSERT INTO notes VALUES (1); COMMIT',
    'SET TRANSACTION READ WRITE; INSERT INTO notes VALUES (2)',
    'SET default_transaction_read_only = off',
  ])
    await expect(reads.query(text)).rejects.toThrow(refusal);
  const client = await reads.connect();
  await expect(client.query('BEGIN READ WRITE')).rejects.toThrow(refusal);
  await expect(client.query('INSERT INTO notes VALUES (3)')).rejects.toMatchObject({ code: '25006' });
  client.release();
  expect(await ids()).toEqual([]);
});
