import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import Cursor from 'pg-cursor';
import type { Cluster } from '../../src';
import { type Lab, startLab } from './support/start-lab';

// The primary behind a pooler in transaction mode: no setting of the connection keeps a read from writing.
let lab: Lab;
let db: Cluster<pg.Pool>;
let reads: pg.Pool;

beforeAll(async () => {
  lab = await startLab();
  await lab.ask(lab.primary, 'CREATE TABLE notes (id int)');
  db = lab.open({ nodes: [{ ...lab.nodes[0], pooler: 'transaction' }] });
  reads = db.readOnly();
});
afterAll(async () => {
  expect(await lab.ask(lab.primary, 'SELECT id FROM notes')).toEqual([]);
  await lab?.[Symbol.asyncDispose]();
});

const insert = 'INSERT INTO notes VALUES (1)';
const refused = { code: '25006' };

it('a single statement cannot write', async () => {
  await expect(reads.query(insert)).rejects.toMatchObject(refused);
  expect((await reads.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
});

describe('a borrowed client', () => {
  it('cannot write outside of a transaction, nor inside of one, and can be used again', async () => {
    const client = await reads.connect();
    await expect(client.query(insert)).rejects.toMatchObject(refused);
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await expect(client.query(insert)).rejects.toMatchObject(refused);
    await client.query('ROLLBACK');
    await client.query('START TRANSACTION');
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await client.query('COMMIT');
    client.release();
  });

  it('cannot leave its transaction in the middle of a text', async () => {
    const client = await reads.connect();
    await client.query('BEGIN');
    await expect(client.query(`COMMIT; ${insert}`)).rejects.toThrow(/among other statements/);
    await client.query('ROLLBACK');
    client.release();
  });

  it('cannot write by a cursor', async () => {
    const client = await reads.connect();
    const cursor = client.query(new Cursor(`${insert} RETURNING id`));
    await expect(cursor.read(1)).rejects.toMatchObject(refused);
    client.release();
    const other = await reads.connect();
    const numbers = other.query(new Cursor('SELECT generate_series(1, 3) AS n'));
    expect(await numbers.read(2)).toEqual([{ n: 1 }, { n: 2 }]);
    await numbers.close();
    other.release();
  });
});
