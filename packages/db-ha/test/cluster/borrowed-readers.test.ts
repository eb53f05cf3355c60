import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type pg from 'pg';
import type { Cluster } from '../../src';
import { eventually } from './support/eventually';
import { type Lab, startLab } from './support/start-lab';

let lab: Lab;

beforeAll(async () => {
  lab = await startLab();
});
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]();
});

it('borrowed connections tell how fast a replica is, and bring one that was away back in full', async () => {
  await using db = lab.open();
  await db.ready();
  const statusOf = (name: string) => db.status().nodes.find((node) => node.name === name);
  await lab.one.kill('SIGKILL');
  await eventually(() => borrowAndRead(db).then(() => statusOf(lab.one.name)?.state === 'down'));
  await lab.one.start();
  await eventually(() => statusOf(lab.one.name)?.breaker === 'half-open');
  const back = await eventually(async () => {
    await borrowAndRead(db);
    const status = statusOf(lab.one.name);
    return status?.state === 'up' && status.breaker === 'closed' ? status : undefined;
  });
  expect(back.latencyMs).toBeGreaterThan(0);
});

/** As an ORM reads in a transaction: never by the pool's own `query`. */
async function borrowAndRead(db: Cluster<pg.Pool>): Promise<void> {
  const client = await db.readOnly({ consistency: 'eventual' }).connect();
  try {
    await client.query('BEGIN READ ONLY');
    await client.query('SELECT 1');
    await client.query('COMMIT');
    client.release();
  } catch {
    client.release(true);
  }
}
