import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createContext, runWithContext } from '@unite/core/context';
import { idempotencyTableSql } from '../../src';
import { eventually } from './support/eventually';
import { type Lab, startLab } from './support/start-lab';

let lab: Lab;

beforeAll(async () => {
  lab = await startLab();
  await lab.ask(lab.primary, `CREATE TABLE orders (id int PRIMARY KEY); ${idempotencyTableSql()}`);
  await lab.replayed();
});
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]();
});

it('who repeats a transaction by its key reads what it did, though no replica has it yet', async () => {
  await using db = lab.open({ reads: { waitForReplicaMs: 10 } });
  await db.ready();
  for (const node of [lab.one, lab.two]) {
    await lab.ask(node, 'SELECT pg_wal_replay_pause()');
    await eventually(async () => {
      const [row] = await lab.ask<{ state: string }>(node, 'SELECT pg_get_wal_replay_pause_state() AS state');
      return row?.state === 'paused';
    });
  }
  const order = () =>
    db.transaction(async (tx) => (await tx.query('INSERT INTO orders VALUES (1) RETURNING id')).rows[0], {
      idempotencyKey: 'order 1',
    });
  const first = await runWithContext(createContext(), order);
  await runWithContext(createContext(), async () => {
    expect(await order()).toEqual(first);
    const { rows } = await db.readOnly().query('SELECT id FROM orders');
    expect(rows).toEqual([first]);
  });
});
