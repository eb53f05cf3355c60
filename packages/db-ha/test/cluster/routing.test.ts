import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import type { Cluster } from '../../src';
import { allUp } from './support/all-up';
import { eventually } from './support/eventually';
import { held, type Lab, startLab } from './support/start-lab';
import { timed } from './support/timed';

let lab: Lab;

beforeAll(async () => {
  lab = await startLab();
  await lab.ask(lab.primary, 'CREATE TABLE notes (id serial PRIMARY KEY, text text)');
});
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]();
});

const where = 'SELECT inet_server_port() AS port';

async function portOf(pool: { query: pg.Pool['query'] }): Promise<number> {
  const { rows } = await pool.query<{ port: number }>(where);
  return rows[0]?.port ?? 0;
}

describe('routing', () => {
  it('leads query, transaction and connect to the primary', async () => {
    await using db = lab.open();
    expect(await portOf(db)).toBe(lab.primary.port);
    expect(await db.transaction(async (tx) => (await tx.query(where)).rows)).toEqual([
      { port: lab.primary.port },
    ]);
    const client = await db.connect();
    expect((await client.query(where)).rows).toEqual([{ port: lab.primary.port }]);
    client.release();
  });

  it.each([undefined, 'session', 'eventual'] as const)(
    'leads reads to both replicas: %s',
    async (consistency) => {
      await using db = lab.open();
      await allUp(db);
      const pool = db.readOnly(consistency && { consistency });
      const ports = await Promise.all(Array.from({ length: 60 }, () => portOf(pool)));
      expect(new Set(ports)).toEqual(new Set([lab.one.port, lab.two.port]));
      expect(db.status().counts).toMatchObject({ replicaReads: 60, primaryReads: 0 });
    },
  );

  it('spreads reads that follow one another, too', async () => {
    await using db = lab.open();
    await allUp(db);
    const ports = new Set<number>();
    for (let n = 0; n < 200; n++) ports.add(await portOf(db.readOnly()));
    expect(ports).toEqual(new Set([lab.one.port, lab.two.port]));
  });

  it('leads strong reads to the primary, over connections of their own', async () => {
    await using db = lab.open({ pool: { max: 6 } });
    expect(await portOf(db.readOnly({ consistency: 'strong' }))).toBe(lab.primary.port);
    const [primary] = db.status().nodes;
    expect(primary?.pools).toEqual([{ purpose: 'read', max: 3, total: 1, idle: 1, waiting: 0 }]);
    expect(db.status().counts.primaryReads).toBe(1);
  });

  it('lends connections for reading from a replica', async () => {
    await using db = lab.open();
    await allUp(db);
    const client = await db.readOnly().connect();
    const { rows } = await client.query(where);
    expect([lab.one.port, lab.two.port]).toContain(rows[0]?.port);
    client.release();
  });
});

describe('a write through readOnly', () => {
  const write = `INSERT INTO notes (text) VALUES ('by mistake')`;

  async function expectRefused(db: Cluster<pg.Pool>, consistency: 'session' | 'strong'): Promise<void> {
    const pool = db.readOnly({ consistency });
    await expect(pool.query(write)).rejects.toMatchObject({ code: '25006' });
    const client = await pool.connect();
    await expect(client.query(write)).rejects.toMatchObject({ code: '25006' });
    client.release();
    expect(await lab.ask(lab.primary, 'SELECT * FROM notes')).toEqual([]);
  }

  it('is refused by a replica', async () => {
    await using db = lab.open();
    await expectRefused(db, 'session');
    expect(db.status().counts.retriedReads).toBe(0);
  });

  it('is refused by the primary, asked for as such or for want of replicas', async () => {
    await using db = lab.open();
    await expectRefused(db, 'strong');
    await using alone = lab.open({ nodes: [lab.nodes[0]] });
    await expectRefused(alone, 'session');
    expect(await portOf(alone.readOnly())).toBe(lab.primary.port);
  });

  it('leaves the connection as it was for the next one', async () => {
    await using db = lab.open({ nodes: [lab.nodes[0]], pool: { max: 1 } });
    await db
      .readOnly()
      .query(write)
      .catch(() => undefined);
    await db.readOnly().query('SELECT 1');
    await db.query(`INSERT INTO notes (text) VALUES ('on purpose')`);
    await db.query('TRUNCATE notes');
    expect(db.status().nodes[0]?.pools.map(({ purpose, total }) => [purpose, total])).toEqual([
      ['write', 1],
      ['read', 1],
    ]);
  });
});

describe('without any replica', () => {
  it('the primary serves reads from few connections, and writes keep theirs', async () => {
    await using db = lab.open({ pool: { max: 4 } });
    await allUp(db);
    expect(await portOf(db.readOnly())).not.toBe(lab.primary.port);
    await Promise.all([lab.one.kill('SIGKILL'), lab.two.kill('SIGKILL')]);
    try {
      expect(await portOf(db.readOnly())).toBe(lab.primary.port);
      const letGo = await lab.hold(lab.primary);
      const reads = Array.from({ length: 12 }, () => db.readOnly().query(held));
      await eventually(() => lab.working(lab.primary, held));
      const writes = await Promise.all(
        Array.from({ length: 20 }, () =>
          timed(() => db.query('INSERT INTO notes (text) VALUES ($1)', ['x'])),
        ),
      );
      expect(writes.filter(({ error }) => error)).toEqual([]);
      // The reads are held back all the while.
      const reading = () => db.status().nodes[0]?.pools.find(({ purpose }) => purpose === 'read');
      await eventually(() => reading()?.waiting === 10);
      expect(reading()).toMatchObject({ max: 2, total: 2 });
      await letGo();
      await Promise.all(reads);
      expect(db.status().nodes.map(({ state }) => state)).toEqual(['up', 'down', 'down']);
    } finally {
      await Promise.all([lab.one.start(), lab.two.start()]);
    }
    await eventually(
      async () => (await portOf(db.readOnly({ consistency: 'eventual' }))) !== lab.primary.port,
    );
  });
});
