import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type FaultProxy, type PostgresCluster, startFaultProxy, startPostgres } from '@unite/services';
import pg from 'pg';
import { type Cluster, type ClusterOptions, createCluster, DatabaseError } from '../../src';
import { eventually } from './support/eventually';
import { type Lab, startLab } from './support/start-lab';
import { type Timed, timed } from './support/timed';

let lab: Lab;
let stranger: PostgresCluster;
let directory: string;
let silent: FaultProxy;
/** A port on which nobody listens. */
let closedPort: number;

beforeAll(async () => {
  // A kept cluster is created anew; the others are copies of one, with one system identifier.
  directory = await mkdtemp(join(tmpdir(), 'unite-stranger-'));
  await chmod(directory, 0o755);
  [lab, stranger] = await Promise.all([startLab(), startPostgres({ replicas: 0, directory })]);
  silent = await startFaultProxy({ target: lab.primary.url });
  await silent.set('blackhole');
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  closedPort = (server.address() as AddressInfo).port;
  server.close();
});
afterAll(async () => {
  await silent?.close();
  await Promise.all([lab?.[Symbol.asyncDispose](), stranger?.close()]);
  await rm(directory, { recursive: true, force: true });
});

/** A read, a write, a transaction, a borrowed client and `ready`, at the same time. */
function everyUse(db: Cluster<pg.Pool>): Promise<readonly Timed<unknown>[]> {
  return Promise.all([
    timed(() => db.query('SELECT 1')),
    timed(() => db.transaction((tx) => tx.query('SELECT 1'))),
    timed(() => db.connect()),
    timed(() => db.readOnly().query('SELECT 1')),
    timed(() => db.readOnly().connect()),
    timed(() => db.ready({ timeoutMs: 1_000 })),
  ]);
}

describe('an unreachable node', () => {
  it.each(['refused', 'silent'])('at the start leaves the others at work (%s)', async (how) => {
    const url = how === 'refused' ? `postgres://unite:pw@127.0.0.1:${closedPort}/unite` : silent.url();
    await using db = lab.open({ nodes: [...lab.nodes, { name: 'gone', url }], probeTimeoutMs: 2_000 });
    expect((await db.ready()).primary).toBe('primary');
    // So short a probe can miss a server that is well, when the machine has other things to do.
    await eventually(() => db.status().nodes.filter(({ state }) => state === 'up').length === 3);
    const status = db.status();
    expect(status.nodes.map(({ name, state }) => [name, state])).toEqual([
      ['primary', 'up'],
      ['replica_1', 'up'],
      ['replica_2', 'up'],
      ['gone', 'down'],
    ]);
    expect(status.nodes[3]?.reason).toMatch(
      how === 'refused' ? /ECONNREFUSED/ : /no answer within 2000 ms|connection timeout/,
    );
    await db.query('SELECT 1');
    await db.readOnly().query('SELECT 1');
  });

  it('holds up the first write for a probe, because it might be the newer primary, and reads not at all', async () => {
    const probeTimeoutMs = 1_000;
    await using db = lab.open({ nodes: [{ name: 'gone', url: silent.url() }, ...lab.nodes], probeTimeoutMs });
    const [write, read] = await Promise.all([
      timed(() => db.query('SELECT 1')),
      timed(() => db.readOnly().query('SELECT 1')),
    ]);
    expect([write.error, read.error]).toEqual([undefined, undefined]);
    expect(write.ms).toBeGreaterThan(probeTimeoutMs - 50);
    // A write waits for its primary for 15 seconds.
    expect(write.ms).toBeLessThan(probeTimeoutMs * 10);
    expect(read.ms).toBeLessThan(write.ms);
    // Of a few: nobody is held up again, and one may be late by itself.
    const again: number[] = [];
    for (const _ of [1, 2, 3]) again.push((await timed(() => db.query('SELECT 1'))).ms);
    expect(Math.min(...again)).toBeLessThan(probeTimeoutMs - 50);
  });
});

describe('without a node that answers', () => {
  const refused = () => [`postgres://unite:pw@127.0.0.1:${closedPort}/unite`];

  it.each([
    ['refusing', refused],
    ['silent', () => [silent.url()]],
  ])('everything ends in time, with the nodes named: %s', async (_, urls) => {
    await using db = createCluster({
      nodes: urls().map((url) => ({ name: 'only', url })),
      Pool: pg.Pool,
      probeTimeoutMs: 200,
      failover: { timeoutMs: 600 },
    });
    const ends = await everyUse(db);
    expect(ends.map(({ error }) => error?.code)).toEqual([
      'UNITE_DB_NO_PRIMARY',
      'UNITE_DB_NO_PRIMARY',
      'UNITE_DB_NO_PRIMARY',
      'UNITE_DB_NO_READER',
      'UNITE_DB_NO_READER',
      'UNITE_DB_NO_PRIMARY',
    ]);
    for (const { ms, error } of ends) {
      expect(ms).toBeGreaterThan(500);
      expect(ms).toBeLessThan(10_000);
      expect(error?.message).toMatch(/only: .*(ECONNREFUSED|timeout|no answer)/);
    }
  });

  it('the deadline comes first where it is sooner', async () => {
    await using db = createCluster({
      nodes: [{ url: silent.url() }],
      Pool: pg.Pool,
      queryTimeoutMs: 300,
    });
    const [write, transaction, borrowed, read] = await everyUse(db);
    for (const end of [write, transaction, borrowed, read]) {
      expect(end?.error).toMatchObject({ code: 'UNITE_DB_DEADLINE_EXCEEDED' });
      expect(end?.ms).toBeGreaterThan(250);
      expect(end?.ms).toBeLessThan(5_000);
    }
  });
});

describe('nodes of two clusters', () => {
  it('are refused, with both system identifiers', async () => {
    await using db = createCluster({
      nodes: [...lab.nodes, { name: 'stranger', url: stranger.primaryUrl }],
      Pool: pg.Pool,
    });
    const ready = await timed(() => db.ready());
    expect(ready.error).toMatchObject({ code: 'UNITE_DB_MIXED_CLUSTERS' });
    const [ours] = await lab.ask<{ id: string }>(
      lab.primary,
      'SELECT system_identifier::text AS id FROM pg_control_system()',
    );
    expect(ready.error?.message).toContain(String(ours?.id));
    const identifiers = new Set(ready.error?.message.match(/\d{15,}/g));
    expect(identifiers.size).toBe(2);
    for (const { error, ms } of await everyUse(db)) {
      expect(error).toMatchObject({ code: 'UNITE_DB_MIXED_CLUSTERS' });
      expect(ms).toBeLessThan(5_000);
    }
    expect(db.status().refusal).toContain('stranger');
  });
});

describe('a replica as the only node', () => {
  it('can be read, and says at once that it cannot be written to', async () => {
    await using db = lab.open({ nodes: [lab.nodes[1]] });
    const read = await db.readOnly().query('SELECT pg_is_in_recovery() AS replica');
    expect(read.rows).toEqual([{ replica: true }]);
    for (const use of [() => db.query('SELECT 1'), () => db.transaction(async () => 1), () => db.connect()]) {
      const { error, ms } = await timed<unknown>(use);
      expect(error).toMatchObject({
        code: 'UNITE_DB_NO_PRIMARY',
        message: 'No primary among the 1 configured nodes. replica_1: replica, up',
      });
      expect(ms).toBeLessThan(5_000);
    }
    await expect(db.ready()).rejects.toMatchObject({ code: 'UNITE_DB_NO_PRIMARY' });
    expect(db.status()).toMatchObject({ primary: undefined, nodes: [{ role: 'replica', state: 'up' }] });
  });
});

describe('refused access', () => {
  const password = 'hush-hush-4711';
  const wrongly = (change: (url: URL) => void) =>
    lab.nodes.map(({ name, url }) => {
      const wrong = new URL(url);
      change(wrong);
      return { name: name ?? '', url: wrong.href };
    });

  it.each([
    ['password', '28P01', (url: URL) => Object.assign(url, { password })],
    ['user', '28P01', (url: URL) => Object.assign(url, { username: 'nobody', password })],
    ['database', '3D000', (url: URL) => Object.assign(url, { pathname: '/nowhere' })],
  ] as const)('is told at once, with its cause and no password: %s', async (_, code, change) => {
    await using db = createCluster({ nodes: wrongly(change), Pool: pg.Pool });
    for (const { error, ms } of await everyUse(db)) {
      expect(error).toMatchObject({ code: 'UNITE_DB_ACCESS_DENIED', cause: { code } });
      expect(ms).toBeLessThan(5_000);
      expect(inspect(error, { depth: 10 })).not.toContain(password);
    }
    expect(inspect(db.status(), { depth: 10 })).not.toContain(password);
    expect(db.status().nodes.every(({ state, reason }) => state === 'down' && reason)).toBe(true);
  });

  it('by one node only is that node’s affair', async () => {
    const [, , third] = wrongly((url) => Object.assign(url, { password }));
    if (!third) throw new Error('three nodes');
    await using db = lab.open({ nodes: [lab.nodes[0], lab.nodes[1], third] });
    const { nodes } = await db.ready();
    expect(nodes[2]).toMatchObject({ state: 'down', reason: expect.stringContaining('password') });
    await db.query('SELECT 1');
    await db.readOnly().query('SELECT 1');
  });
});

describe('options', () => {
  const url = 'postgres://unite:hush@127.0.0.1:5432/unite';
  const open = (options: object) => () =>
    createCluster({ nodes: [{ url }], Pool: pg.Pool, ...options } as ClusterOptions<pg.Pool>);

  it.each([
    ['pool: { max: 0 }', { pool: { max: 0 } }, /option "max" must be a whole number of at least 1, got 0/],
    ['an unknown one', { healthCheckMs: 1 }, /unknown option "healthCheckMs"; known are nodes, Pool/],
    ['an unknown one of the pool', { pool: { min: 1 } }, /unknown option "min"/],
    ['an unknown one of a node', { nodes: [{ url, role: 'primary' }] }, /nodes\[0\]: unknown option "role"/],
    ['no nodes', { nodes: [] }, /option "nodes" must be a non-empty array/],
    [
      'an instance for a constructor',
      { Pool: { query: () => undefined } },
      /option "Pool" must be a constructor/,
    ],
    ['an arrow for a constructor', { Pool: () => undefined }, /option "Pool" must be a constructor/],
    ['no constructor', { Pool: undefined }, /option "Pool" must be a constructor/],
    [
      'two nodes of one name',
      {
        nodes: [
          { url, name: 'a' },
          { url: `${url}2`, name: 'a' },
        ],
      },
      /two nodes are called "a"/,
    ],
    ['another kind of URL', { nodes: [{ url: 'mysql://u:hush@h/d' }] }, /option "url" must be a URL such as/],
    [
      'sslmode in a URL beside an ssl object',
      { nodes: [{ url: `${url}?sslmode=require` }], pool: { ssl: { rejectUnauthorized: true } } },
      /the URL's "sslmode" would override the option pool.ssl/,
    ],
  ])('are refused at construction: %s', (_, options, message) => {
    expect(open(options)).toThrow(TypeError);
    expect(open(options)).toThrow(message);
    expect(open(options)).not.toThrow(/hush/);
  });
});

describe('hostile statements', () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;

  it.each([[null], [undefined], [{}], [7], [['SELECT 1']], [{ text: 7 }], [Symbol('SELECT 1')]])(
    'are refused as such wherever they are given: %p',
    async (statement) => {
      await using db = lab.open();
      const query = statement as string;
      const client = await db.connect();
      const ends = [
        await timed(() => db.query(query)),
        await timed(() => db.readOnly().query(query)),
        await timed(async () => client.query(query)),
        await timed(() => db.transaction((tx) => tx.query(query))),
      ];
      client.release();
      const message = expect.stringMatching(
        /^query: the first argument must be a text, or an object with a text, got /,
      );
      for (const { error } of ends) expect(error).toMatchObject({ name: 'TypeError', message });
      expect(db.status().counts).toMatchObject({ unknownCommits: 0, retriedTransactions: 0 });
    },
  );

  it('are told of to a callback that came without one', async () => {
    await using db = lab.open();
    const error = await new Promise<Error>((resolve) => db.query(resolve as unknown as string));
    expect(error.message).toContain('the first argument must be a text');
  });

  it.each([
    ['a circular object', [circular], /circular/],
    ['no array', 'text', /the values must be an array, got string/],
  ])('have their values’ error told, nothing having taken effect: %s', async (_, given, message) => {
    await using db = lab.open();
    const values = given as unknown[];
    const client = await db.connect();
    const ends = [
      await timed(() => db.query('SELECT $1::text', values)),
      await timed(() => db.readOnly().query('SELECT $1::text', values)),
      await timed(() => client.query('SELECT $1::text', values)),
      await timed(() => db.transaction((tx) => tx.query('SELECT $1::text', values))),
    ];
    await client.query('SELECT 1');
    client.release();
    for (const { error } of ends) {
      expect(DatabaseError.isInstance(error)).toBe(false);
      expect(error?.message).toMatch(message);
    }
    expect(db.status().counts).toMatchObject({ unknownCommits: 0, retriedTransactions: 0, retriedReads: 0 });
    expect(db.status().nodes.every(({ state }) => state !== 'down')).toBe(true);
  });
});
