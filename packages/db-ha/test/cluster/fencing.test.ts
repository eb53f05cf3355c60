import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createContext, runWithContext } from '@unite/core/context';
import { type PostgresNode, startFaultProxy } from '@unite/services';
import type pg from 'pg';
import type { Cluster, ConsistencyToken } from '../../src';
import { eventually } from './support/eventually';
import { type Lab, startLab } from './support/start-lab';
import { timed } from './support/timed';

const promote = (lab: Lab, node: PostgresNode) => lab.ask(node, 'SELECT pg_promote(true, 30)');
const stateOf = (db: Cluster<pg.Pool>, name: string) =>
  db.status().nodes.find((node) => node.name === name)?.state;
const prepare = (lab: Lab) => lab.ask(lab.primary, 'CREATE TABLE ledger (id int)');
const count = async (lab: Lab, node: PostgresNode) => (await lab.ask(node, 'SELECT * FROM ledger')).length;

describe('two primaries of one timeline', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab();
    await prepare(lab);
    await lab.replayed();
    await lab.primary.kill('SIGKILL');
    await Promise.all([promote(lab, lab.one), promote(lab, lab.two)]);
  });
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]();
  });

  it('are refused, both named, until one of them is gone', async () => {
    await using db = lab.open({ failover: { timeoutMs: 400 } });
    // So short a time may be over before all have been asked.
    await eventually(async () => (await timed(() => db.ready())).error?.code === 'UNITE_DB_SPLIT_BRAIN');
    const uses = [
      () => db.query('INSERT INTO ledger VALUES (1)'),
      () => db.transaction((tx) => tx.query('INSERT INTO ledger VALUES (1)')),
      () => db.connect(),
      () => db.ready({ timeoutMs: 1_000 }),
      () => db.ready({ timeoutMs: 200 }),
    ];
    for (const use of uses) {
      const { error, ms } = await timed<unknown>(use);
      expect(error).toMatchObject({
        code: 'UNITE_DB_SPLIT_BRAIN',
        message: 'replica_1 and replica_2 are both primaries of timeline 2; one of them must be shut down',
      });
      // A primary is waited for for 15 seconds by default.
      expect(ms).toBeLessThan(10_000);
    }
    const { refusal, primary, nodes } = db.status();
    expect(refusal).toContain('replica_1 and replica_2');
    expect(primary).toBeUndefined();
    expect(nodes.map(({ state }) => state)).toEqual(['down', 'fenced', 'fenced']);
    expect([await count(lab, lab.one), await count(lab, lab.two)]).toEqual([0, 0]);

    await lab.two.kill('SIGKILL');
    await eventually(() => db.query('INSERT INTO ledger VALUES (2)'));
    expect(db.status()).toMatchObject({ primary: 'replica_1', refusal: undefined, timeline: 2 });
    expect(await count(lab, lab.one)).toBe(1);
  });

  it('that arise while writes are under way stop them', async () => {
    await using other = await startLab();
    await prepare(other);
    await using db = other.open({ healthCheckEveryMs: 50, failover: { timeoutMs: 300 } });
    await other.replayed();
    await other.primary.kill('SIGKILL');
    await promote(other, other.one);
    await eventually(() => db.query('INSERT INTO ledger VALUES (1)'));
    await promote(other, other.two);
    await eventually(() => stateOf(db, 'replica_2') === 'fenced');
    await expect(db.query('INSERT INTO ledger VALUES (2)')).rejects.toMatchObject({
      code: 'UNITE_DB_SPLIT_BRAIN',
    });
    expect(await count(other, other.two)).toBe(0);
  });
});

describe('a primary that was replaced', () => {
  let lab: Lab;
  let db: Cluster<pg.Pool>;
  let before: ConsistencyToken | undefined;

  beforeAll(async () => {
    lab = await startLab();
    await prepare(lab);
    db = lab.open({ healthCheckEveryMs: 200, failover: { timeoutMs: 800 } });
    await db.ready({ timeoutMs: 60_000 });
    await db.query('INSERT INTO ledger VALUES (1)');
    before = await db.sessionToken();
    await lab.replayed();
    await lab.primary.kill('SIGKILL');
    await promote(lab, lab.one);
    await eventually(() => db.query('INSERT INTO ledger VALUES (2)'));
    await lab.primary.start();
  });
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]();
  });

  it('gets nothing when it is back', async () => {
    await eventually(() => stateOf(db, 'primary') === 'fenced');
    for (let id = 3; id < 20; id++) {
      await db.query('INSERT INTO ledger VALUES ($1)', [id]);
      await db.readOnly().query('SELECT 1');
    }
    expect(await count(lab, lab.one)).toBe(19);
    expect(await count(lab, lab.primary)).toBe(1);
    expect(db.status()).toMatchObject({ primary: 'replica_1', timeline: 2, counts: { failovers: 1 } });
    expect(db.status().nodes[0]).toMatchObject({
      role: 'primary',
      state: 'fenced',
      reason: 'writes timeline 1; 2 exists',
      pools: [],
    });
  });

  it('gets nothing from the first query of a process, whoever answers first', async () => {
    await using slow = await startFaultProxy({ target: lab.one.url });
    await slow.set({ mode: 'delay', delayMs: 30 });
    for (const nodes of [
      [lab.nodes[0], { name: 'replica_1', url: slow.url() }],
      [{ name: 'replica_1', url: slow.url() }, lab.nodes[0]],
    ]) {
      for (let round = 0; round < 5; round++) {
        await using fresh = lab.open({ nodes });
        await fresh.query('INSERT INTO ledger VALUES (0)');
        await fresh.transaction((tx) => tx.query('INSERT INTO ledger VALUES (0)'));
      }
    }
    expect(await count(lab, lab.primary)).toBe(1);
  });

  it('gets nothing from a cluster that sees it first', async () => {
    await using fresh = lab.open({ nodes: [lab.nodes[0], lab.nodes[1]] });
    const { primary } = await fresh.ready();
    expect(primary).toBe('replica_1');
    expect(stateOf(fresh, 'primary')).toBe('fenced');
  });

  it('does not take what a token of before asks for: the new one does', async () => {
    await using fresh = lab.open();
    await fresh.ready();
    expect(before?.timeline).toBe(1);
    await runWithContext(createContext(), async () => {
      if (before) fresh.advanceSession(before);
      const { rowCount } = await fresh.readOnly().query('SELECT * FROM ledger');
      expect(rowCount).toBeGreaterThanOrEqual(2);
    });
  });

  it('gets nothing when it is the only one that answers', async () => {
    await Promise.all([lab.one.kill('SIGKILL'), lab.two.kill('SIGKILL')]);
    const write = await timed(() => db.query('INSERT INTO ledger VALUES (99)'));
    expect(['UNITE_DB_NO_PRIMARY', 'UNITE_DB_COMMIT_UNKNOWN']).toContain(write.error?.code);
    await eventually(() => db.status().primary === undefined);
    const uses = [
      () => db.query('INSERT INTO ledger VALUES (99)'),
      () => db.transaction((tx) => tx.query('INSERT INTO ledger VALUES (99)')),
      () => db.connect(),
    ];
    for (const use of uses)
      expect((await timed<unknown>(use)).error).toMatchObject({
        code: 'UNITE_DB_NO_PRIMARY',
        message: expect.stringContaining('writes timeline 1; 2 exists'),
      });
    expect((await timed(() => db.readOnly().query('SELECT 1'))).error).toMatchObject({
      code: 'UNITE_DB_NO_READER',
    });
    expect(await count(lab, lab.primary)).toBe(1);
  });
});

describe('a token of a higher timeline', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab();
    await prepare(lab);
    await lab.replayed();
  });
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]();
  });

  it.each(['advanceSession', 'after'] as const)(
    'tells of a promotion that was not seen here, and fences the primary: %s',
    async (how) => {
      await using db = lab.open({ failover: { timeoutMs: 300 } });
      const { systemId = '' } = await db.ready();
      const token = { systemId, timeline: 2, lsn: 1n };
      await runWithContext(createContext(), async () => {
        if (how === 'advanceSession') db.advanceSession(token);
        else await timed(() => db.readOnly({ after: token }).query('SELECT 1'));
      });
      expect(stateOf(db, 'primary')).toBe('fenced');
      await expect(db.query('INSERT INTO ledger VALUES (1)')).rejects.toMatchObject({
        code: 'UNITE_DB_NO_PRIMARY',
      });
      expect(await count(lab, lab.primary)).toBe(0);
      expect(db.status().timeline).toBe(2);
    },
  );

  it('brought before the first query fences it too', async () => {
    const [row] = await lab.ask<{ id: string }>(
      lab.primary,
      'SELECT system_identifier::text AS id FROM pg_control_system()',
    );
    await using db = lab.open({ failover: { timeoutMs: 300 } });
    db.advanceSession({ systemId: row?.id ?? '', timeline: 2, lsn: 1n });
    await expect(db.query('INSERT INTO ledger VALUES (1)')).rejects.toMatchObject({
      code: 'UNITE_DB_NO_PRIMARY',
    });
    expect(await count(lab, lab.primary)).toBe(0);
  });
});

describe('a primary that says it is read-only', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab();
    await prepare(lab);
  });
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]();
  });

  it('is asked once more, and then believed', async () => {
    await using db = lab.open();
    await db.ready();
    await lab.ask(lab.primary, 'ALTER SYSTEM SET default_transaction_read_only = on');
    await lab.ask(lab.primary, 'SELECT pg_reload_conf()');
    await eventually(async () => {
      const [row] = await lab.ask<{ is_on: string }>(lab.primary, 'SHOW default_transaction_read_only');
      return JSON.stringify(row).includes('on"');
    });
    const { error, ms } = await timed(() => db.query('INSERT INTO ledger VALUES (1)'));
    expect(error).toMatchObject({ code: '25006' });
    // Another primary is waited for for 15 seconds.
    expect(ms).toBeLessThan(10_000);
    expect(db.status().counts.retriedWrites).toBe(1);
  });
});
