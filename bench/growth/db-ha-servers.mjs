import { createRequire } from 'node:module';
import { createCluster } from '../../packages/db-ha/dist/index.js';
import { startPostgres } from '../../packages/db-ha/dist/testing.js';
import { atATime } from './loops.mjs';

const { Pool } = createRequire(new URL('../../packages/db-ha/package.json', import.meta.url))('pg');

/** Real servers: one to three replicas, and transactions at once. The time of this process alone is counted. */
export async function dbHaServers(axes) {
  const postgres = await startPostgres({ replicas: 3 });
  const [primary, ...replicas] = postgres.nodes.map(({ url }) => url);
  const clusters = [1, 2, 3].map((count) =>
    createCluster({
      nodes: [primary, ...replicas.slice(0, count)].map((url) => ({ url })),
      Pool,
      name: `real-${count}`,
      healthCheckEveryMs: 3_600_000,
      reads: { maxLagMs: 36_000_000 },
    }),
  );
  for (const cluster of clusters) await cluster.ready();
  await axes.measure({
    name: 'db-ha: replicas that are real',
    operation: 'a read, 16 at a time',
    x: 'size',
    points: clusters.map((cluster, at) => ({
      x: at + 1,
      run: atATime(() => cluster.readOnly().query('SELECT 1'), 16),
    })),
    roundMs: 20,
    isOfMachine: true,
  });
  const [cluster] = clusters;
  await cluster.query('CREATE TABLE counters (id int PRIMARY KEY, value int NOT NULL)');
  await cluster.query('INSERT INTO counters SELECT id, 0 FROM generate_series(1, 1000) AS id');
  await axes.measure({
    name: 'db-ha: transactions at once, over 10 connections',
    operation: 'all of them',
    x: 'size',
    points: [1, 4, 16, 64, 256].map((x) => ({
      x,
      run: async (calls) => {
        for (let call = 0; call < calls; call++) {
          await Promise.all(Array.from({ length: x }, (_, at) => add(cluster, at + 1)));
        }
      },
    })),
    roundMs: 20,
  });
  for (const cluster of clusters) await cluster.close();
  await postgres.close();
}

function add(cluster, id) {
  return cluster.transaction((transaction) =>
    transaction.query('UPDATE counters SET value = value + 1 WHERE id = $1', [id]),
  );
}
