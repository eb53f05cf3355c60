import diagnostics from 'node:diagnostics_channel';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import pg from 'pg';
import { type Cluster, createCluster, type NodeOptions } from '../../src';
import { allUp } from './support/all-up';
import { eventually } from './support/eventually';
import { runChild } from './support/run-child';
import { held, type Lab, startLab } from './support/start-lab';
import { timed } from './support/timed';

let lab: Lab;
let db: Cluster<pg.Pool>;
let found: () => Promise<readonly NodeOptions[]>;
let calls: number;
/** The first use opens connections to three servers meanwhile. */
const failoverMs = 4_000;

beforeAll(async () => {
  lab = await startLab();
});
beforeEach(() => {
  calls = 0;
  found = async () => lab.nodes;
  db = open();
});
afterEach(() => db.close({ timeoutMs: 500 }).then(() => undefined));
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]();
});

function open(): Cluster<pg.Pool> {
  return createCluster({
    nodes: {
      discover: () => {
        calls += 1;
        return found();
      },
    },
    Pool: pg.Pool,
    healthCheckEveryMs: 50,
    failover: { timeoutMs: failoverMs },
    pool: { applicationName: 'discovery' },
  });
}

const names = () => db.status().nodes.map(({ name }) => name);

it('is not asked before the first use', async () => {
  expect(db.status().nodes).toEqual([]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(calls).toBe(0);
  await db.query('SELECT 1');
  expect(calls).toBeGreaterThan(0);
});

it('names the nodes for ready, writes and reads', async () => {
  const { primary, nodes } = await db.ready();
  expect(primary).toBe('primary');
  expect(nodes.map(({ name }) => name)).toEqual(['primary', 'replica_1', 'replica_2']);
  await allUp(db);
  const { rows } = await db.readOnly().query('SELECT pg_is_in_recovery() AS is_replica');
  expect(rows).toEqual([{ is_replica: true }]);
});

it('adds nodes to a running cluster and takes them out', async () => {
  found = async () => [lab.nodes[0]];
  await db.ready();
  const where = async () =>
    (await db.readOnly().query('SELECT inet_server_port() AS port')).rows[0]?.port as number;
  expect(await where()).toBe(lab.primary.port);

  found = async () => [lab.nodes[0], lab.nodes[1]];
  await eventually(async () => (await where()) === lab.one.port);
  expect(names()).toEqual(['primary', 'replica_1']);

  found = async () => [lab.nodes[2], lab.nodes[0]];
  await eventually(async () => (await where()) === lab.two.port);
  expect(names()).toEqual(['replica_2', 'primary']);
  await eventually(async () => {
    const rows = await lab.ask(
      lab.one,
      `SELECT 1 FROM pg_stat_activity WHERE application_name = 'discovery'`,
    );
    return rows.length === 0;
    // An idle one would go by itself after 30 s.
  }, 15_000);
  expect(db.status().counts.failovers).toBe(0);
});

it('lets a node that left finish what it is doing', async () => {
  await db.ready();
  const letGo = await Promise.all([lab.hold(lab.one), lab.hold(lab.two)]);
  const read = timed(() => db.readOnly().query(held));
  await eventually(async () => (await lab.working(lab.one, held)) + (await lab.working(lab.two, held)));
  found = async () => [lab.nodes[0]];
  await eventually(() => names().length === 1);
  await Promise.all(letGo.map((go) => go()));
  expect((await read).error).toBeUndefined();
});

it('keeps the primary’s connections when other nodes come and go', async () => {
  await db.ready();
  const pid = async () => (await db.query('SELECT pg_backend_pid() AS pid')).rows[0]?.pid as number;
  const first = await pid();
  found = async () => [lab.nodes[0]];
  await eventually(() => names().length === 1);
  expect(await pid()).toBe(first);
});

it('without the primary leaves writes waiting, until it is named again', async () => {
  await db.ready();
  found = async () => [lab.nodes[1], lab.nodes[2]];
  await eventually(() => names().length === 2);
  expect(db.status().primary).toBeUndefined();
  expect((await timed(() => db.query('SELECT 1'))).error).toMatchObject({ code: 'UNITE_DB_NO_PRIMARY' });
  const waiting = db.query('SELECT 1 AS one');
  found = async () => lab.nodes;
  expect((await waiting).rows).toEqual([{ one: 1 }]);
});

it.each<[string, () => Promise<readonly NodeOptions[]>]>([
  ['rejects', () => Promise.reject(new Error('etcd is away'))],
  [
    'throws',
    () => {
      throw new Error('etcd is away');
    },
  ],
  ['answers nonsense', async () => 'nodes' as unknown as NodeOptions[]],
  ['answers nothing', async () => undefined as unknown as NodeOptions[]],
  ['answers a node without a URL', async () => [{ name: 'odd' } as NodeOptions]],
  ['answers that there is no node', async () => []],
])('that %s keeps the nodes that were known, and warns', async (_, fails) => {
  (globalThis as { [key: symbol]: Set<string> | undefined })[Symbol.for('unite.warned.1')]?.clear();
  const warnings: unknown[] = [];
  const onWarning = (message: unknown) => warnings.push((message as { code: string }).code);
  diagnostics.subscribe('unite:warning', onWarning);
  await db.ready();
  found = fails;
  const before = calls;
  await eventually(() => calls >= before + 2);
  expect(names()).toEqual(['primary', 'replica_1', 'replica_2']);
  await db.query('SELECT 1');
  await db.readOnly().query('SELECT 1');
  diagnostics.unsubscribe('unite:warning', onWarning);
  expect(warnings).toEqual(['UNITE_DB_DISCOVERY_FAILED']);
});

it('that does not answer leaves everything to end in time', async () => {
  found = () => new Promise(() => undefined);
  const ends = await Promise.all([
    timed(() => db.query('SELECT 1')),
    timed(() => db.readOnly().query('SELECT 1')),
    timed(() => db.ready({ timeoutMs: 500 })),
  ]);
  expect(ends.map(({ error }) => error?.code)).toEqual([
    'UNITE_DB_NO_PRIMARY',
    'UNITE_DB_NO_READER',
    'UNITE_DB_NO_PRIMARY',
  ]);
  for (const { ms } of ends) expect(ms).toBeLessThan(failoverMs * 5);
  expect((await timed(() => db.close())).ms).toBeLessThan(4_000);
});

it('is told by its signal that the cluster is closed, and a process ends', async () => {
  await using child = runChild(
    `let signal;
     const db = createCluster({ nodes: { discover: async (given) => { signal = given; return nodes; } }, Pool: pg.Pool });
     await db.query('SELECT 1');
     print(signal.aborted);
     await db.close();
     print(signal.aborted);`,
    lab.nodes,
  );
  expect([await child.next(), await child.next()]).toEqual([false, true]);
  expect(await child.ended).toEqual({ code: 0, stderr: '' });
});
