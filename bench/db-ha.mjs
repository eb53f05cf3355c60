/**
 * What a query costs through the cluster, against bare pg.Pool and Drizzle's withReplicas. All on one pool of
 * connections to one server: separate pools differ from each other by more than what is measured here. Call by call in
 * random order, with the bare pool twice; medians of the rounds, and the ratios within each round.
 *
 * node db-ha.mjs [--quick]   (build the packages first)
 */
import { drizzle } from 'drizzle-orm/node-postgres';
import { integer, pgTable, withReplicas } from 'drizzle-orm/pg-core';
import pg from 'pg';
import postgresJs from 'postgres';
import { createCluster } from '../packages/db-ha/dist/index.js';
import { startPostgres } from '../packages/db-ha/dist/testing.js';
import { barsOf } from './lib/bars-of.mjs';
import { interleavedCalls } from './lib/interleaved-calls.mjs';
import { Report } from './lib/report.mjs';
import { medianOf, ratioOf } from './lib/rounds.mjs';
import { short, times } from './lib/table.mjs';
import { voidBecause } from './lib/void-because.mjs';

const report = new Report({
  title: 'A query through the cluster',
  subject: 'db-ha',
  about:
    'Bare pg.Pool (twice, for A/A), Drizzle’s withReplicas and the cluster, all on one pool of connections to one server, call by call in random order.',
});
const settings = report.quick ? { rounds: 7, callsPerRound: 200 } : { rounds: 31, callsPerRound: 800 };
/** More than bare pg.Pool takes. */
const mostAdded = 0.05;

const postgres = await startPostgres({ replicas: 0 });
const pool = new pg.Pool({ connectionString: postgres.primaryUrl, max: 16, idleTimeoutMillis: 0 });
/** A driver whose every pool is the one above. */
function OnePool() {
  return pool;
}
OnePool.prototype = pg.Pool.prototype;
const db = createCluster({
  nodes: [{ url: postgres.primaryUrl }],
  Pool: OnePool,
  healthCheckEveryMs: 3_600_000,
  reads: { maxLagMs: 36_000_000 },
});
await db.ready();
await pool.query(
  'CREATE TABLE counters (id int PRIMARY KEY, value int NOT NULL); INSERT INTO counters VALUES (1, 0)',
);

/** A driver of its own, and so a pool of its own, which may differ from another one by more than what is compared. */
const sql = postgresJs(postgres.primaryUrl, { max: 16 });
const onPool = drizzle({ client: pool });
const replicated = withReplicas(onPool, [drizzle({ client: pool })]);
const onCluster = drizzle({ client: db.readOnly() });
const counters = pgTable('counters', { id: integer().primaryKey(), value: integer().notNull() });
/** In the table alone: pictures and the page's summary compare what shares a pool. */
const otherPool = 'postgres.js, on a pool of its own';
const update = 'UPDATE counters SET value = value + 1 WHERE id = 1';

/** Each group has its own limit: its first row, which also runs a second time. */
const groups = {
  'SELECT 1': {
    'pg.Pool': () => pool.query('SELECT 1'),
    'cluster, primary': () => db.query('SELECT 1'),
    'cluster, readOnly()': () => db.readOnly().query('SELECT 1'),
    [otherPool]: () => sql`SELECT 1`,
  },
  'SELECT of a row through Drizzle': {
    'drizzle(pg.Pool)': () => onPool.select().from(counters),
    'Drizzle withReplicas': () => replicated.select().from(counters),
    'drizzle(cluster.readOnly())': () => onCluster.select().from(counters),
  },
  'UPDATE in a transaction': {
    'pg.Pool, BEGIN and COMMIT by hand': async () => {
      const client = await pool.connect();
      await client.query('BEGIN');
      await client.query(update);
      await client.query('COMMIT');
      client.release();
    },
    'cluster.transaction()': () => db.transaction((tx) => tx.query(update)),
  },
  'UPDATE, then a read of it': {
    'pg.Pool': async () => {
      await pool.query(update);
      await pool.query('SELECT value FROM counters WHERE id = 1');
    },
    'cluster, read where it was written': async () => {
      await db.query(update);
      await db.readOnly().query('SELECT value FROM counters WHERE id = 1');
    },
  },
};

for (const [group, contestants] of Object.entries(groups)) {
  const [[limit, bare]] = Object.entries(contestants);
  const twice = { [limit]: bare, [`${limit}, again`]: bare, ...contestants };
  for (const atATime of group.startsWith('UPDATE') ? [1] : [1, 8]) {
    const samples = await interleavedCalls(twice, { ...settings, atATime });
    show(`${group}, ${atATime} at a time`, samples, limit);
    if (group === 'SELECT 1') claimAll(`${group}, ${atATime} at a time`, samples, limit);
  }
}
await db.close();
await sql.end();
await postgres.close();
report.end();

function show(title, { p50Us, p95Us }, limit) {
  const rows = Object.keys(p50Us).map((name) => [
    name,
    short(medianOf(p50Us[name])),
    short(medianOf(p95Us[name])),
    times(ratioOf(p50Us, name, limit)),
    times(ratioOf(p95Us, name, limit)),
  ]);
  report.table(title, ['', 'p50 µs', 'p95 µs', `p50 to ${limit}`, 'p95'], rows);
  const ours = Object.keys(p50Us).filter((name) => name.includes('cluster'));
  const { [otherPool]: _, ...onOnePool } = p50Us;
  const bars = barsOf(onOnePool, { ours, limit: [limit, `${limit}, again`] });
  report.bars({ title: `${title}: p50`, unit: 'µs', bars });
}

function claimAll(title, samples, limit) {
  const percent = (share) => `${(share * 100).toFixed(1)} %`;
  for (const [share, values] of [
    ['p50', samples.p50Us],
    ['p95', samples.p95Us],
  ]) {
    const added = (name) => ratioOf(values, name, limit).median - 1;
    const apart = Math.abs(added(`${limit}, again`));
    for (const name of ['cluster, primary', 'cluster, readOnly()']) {
      const addedUs = medianOf(values[name]) - medianOf(values[limit]);
      report.claim(`${title}: ${name} adds at most 5 % at ${share}`, added(name) <= mostAdded, {
        figure: `${percent(added(name))}, ${short(addedUs)} µs`,
        isOfMachine: true,
        whyMissed: 'a call has a few microseconds of its own, beside a statement that takes the server few',
        ...voidBecause(apart, mostAdded / 3, percent),
      });
    }
  }
}
