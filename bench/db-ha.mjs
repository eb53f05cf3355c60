/**
 * What a query costs through the cluster, against bare pg.Pool and Drizzle's withReplicas. All on one pool of
 * connections to one server: separate pools differ from each other by more than what is measured here.
 * Interleaved in random order, medians of the rounds, and the ratios within each round.
 *
 * node db-ha.mjs [--quick]   (build the packages first)
 */
import { drizzle } from 'drizzle-orm/node-postgres';
import { integer, pgTable, withReplicas } from 'drizzle-orm/pg-core';
import pg from 'pg';
import { createCluster } from '../packages/db-ha/dist/index.js';
import { startPostgres } from '../packages/db-ha/dist/testing.js';

const quick = process.argv.includes('--quick');
const rounds = quick ? 11 : 41;
const perRound = quick ? 200 : 1_500;

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

const onPool = drizzle({ client: pool });
const replicated = withReplicas(onPool, [drizzle({ client: pool })]);
const onCluster = drizzle({ client: db.readOnly() });
const counters = pgTable('counters', { id: integer().primaryKey(), value: integer().notNull() });
const update = 'UPDATE counters SET value = value + 1 WHERE id = 1';

/** Each group has its own floor: its first row. */
const groups = {
  'SELECT 1': {
    'pg.Pool': () => pool.query('SELECT 1'),
    'cluster, primary': () => db.query('SELECT 1'),
    'cluster, readOnly()': () => db.readOnly().query('SELECT 1'),
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

/** Half and 95 % of the calls were as quick as this, in microseconds. */
async function measure(call, atATime) {
  const times = [];
  const worker = async () => {
    for (let left = perRound / atATime; left > 0; left--) {
      const start = process.hrtime.bigint();
      await call();
      times.push(Number(process.hrtime.bigint() - start) / 1_000);
    }
  };
  await Promise.all(Array.from({ length: atATime }, worker));
  times.sort((a, b) => a - b);
  return { p50: times[times.length >> 1], p95: times[Math.floor(times.length * 0.95)] };
}

function shuffled(items) {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

const medianOf = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const ratios = {};
console.log(`Node ${process.version}, ${rounds} rounds of ${perRound} calls\n`);
for (const [group, contestants] of Object.entries(groups)) {
  for (const atATime of group.startsWith('UPDATE') ? [1] : [1, 8]) {
    const samples = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
    for (let round = -3; round < rounds; round++) {
      // Whoever comes first in a round pays for what the one before left to collect.
      for (const [name, call] of shuffled(Object.entries(contestants))) {
        const sample = await measure(call, atATime);
        if (round >= 0) samples[name].push(sample);
      }
    }
    const [floor] = Object.keys(contestants);
    console.log(
      `| ${group}, ${atATime} at a time | p50 µs | p95 µs | p50 ratio | p10–p90 of it | p95 ratio |\n|---|---:|---:|---:|---:|---:|`,
    );
    for (const [name, values] of Object.entries(samples)) {
      const at = (key) => medianOf(values.map((value) => value[key])).toFixed(0);
      const within = (key) =>
        values.map((value, round) => value[key] / samples[floor][round][key]).sort((a, b) => a - b);
      const share = (part) => within('p50')[Math.floor(part * (rounds - 1))].toFixed(2);
      ratios[`${name}, ${atATime}`] = medianOf(within('p50'));
      console.log(
        `| ${name} | ${at('p50')} | ${at('p95')} | ${medianOf(within('p50')).toFixed(3)} | ${share(0.1)}–${share(0.9)} | ${medianOf(within('p95')).toFixed(3)} |`,
      );
    }
    console.log('');
  }
}
await db.close();
await postgres.close();
