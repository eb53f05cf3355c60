import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startRedisServer } from '../cache-staleness/redis-server.mjs';
import { medianOf } from '../lib/rounds.mjs';
import { startDatabase } from './database.mjs';

const program = fileURLToPath(new URL('loss-worker.mjs', import.meta.url));
const tenantId = 'acme';
const loads = {
  '500 admissions a second': { perSecond: 500 },
  '100 in flight, as fast as it goes': { inFlight: 100 },
};

/** With the default durability: what a kill of the process loses from the ledger, and one of Redis from the counters. */
export async function lossWindow(report, _redis, { quick }) {
  const times = quick ? 1 : 9;
  const database = await startDatabase();
  const redis = await startRedisServer({ save: '' });
  const rows = [];
  for (const [title, load] of Object.entries(loads)) {
    const results = { process: [], redis: [] };
    for (const _ of Array.from({ length: times })) {
      results.process.push(await killProcess({ redis, database, load }));
      results.redis.push(await killRedis({ redis, database, load }));
    }
    rows.push(
      [`the process, ${title}`, ...figures(results.process)],
      [`Redis that keeps nothing, ${title}`, ...figures(results.redis)],
    );
  }
  await redis.close();
  await database.close();
  const head = [
    'killed',
    'admitted a second',
    'lost at once, median',
    'range',
    'admissions of so many ms',
    'lost for good, most',
  ];
  report.table(`What a kill loses with the default durability, ${times} times each`, head, rows);
}

function figures(results) {
  const lost = results.map((result) => result.lost);
  return [
    Math.round(medianOf(results.map(({ perSecond }) => perSecond))).toLocaleString('en'),
    medianOf(lost),
    `${Math.min(...lost)}–${Math.max(...lost)}`,
    Math.round(medianOf(results.map((result) => (result.lost * 1_000) / result.perSecond))),
    Math.max(...results.map(({ lostForGood }) => lostForGood)),
  ];
}

/** What was acknowledged and is not in the ledger. */
async function killProcess({ redis, database, load }) {
  const worker = await startWorker({ redis, database, load });
  worker.child.kill('SIGKILL');
  await once(worker.child, 'exit');
  const acknowledged = await worker.acknowledged();
  await database.isQuiet();
  const { rows } = await database.query('select event_id as id from unite_quota_events where source = $1', [
    worker.namespace,
  ]);
  const written = new Set(rows.map(({ id }) => id));
  const lost = acknowledged.filter((id) => !written.has(id)).length;
  await worker.close();
  return { lost, lostForGood: lost, perSecond: worker.perSecond(acknowledged.length) };
}

/** What was acknowledged and is not in the counters when Redis is back, and when all is written down. */
async function killRedis({ redis, database, load }) {
  const worker = await startWorker({ redis, database, load });
  await redis.kill();
  const perSecond = worker.perSecond((await worker.acknowledged()).length);
  await redis.startAgain();
  await worker.reach((await worker.acknowledged()).length + 200);
  worker.child.send('end');
  const [{ admitted, outage, used }] = await once(worker.child, 'message');
  await once(worker.child, 'exit');
  await worker.close();
  return { lost: outage.admitted - outage.used, lostForGood: admitted - used, perSecond };
}

/** One that has been at work for about a second. */
async function startWorker({ redis, database, load }) {
  const namespace = `loss-${randomUUID().slice(0, 8)}`;
  const file = join(tmpdir(), namespace);
  const options = { redisUrl: redis.url, databaseUrl: database.url, namespace, tenantId, file, ...load };
  const child = fork(program, [JSON.stringify(options)]);
  const acknowledged = async () => (await readFile(file, 'utf8').catch(() => '')).split('\n').slice(0, -1);
  const reach = async (count) => {
    while ((await acknowledged()).length < count) {
      if (child.exitCode !== null) throw new Error('The worker has ended');
      await setTimeout(5);
    }
  };
  await reach(1);
  const startMs = performance.now();
  await setTimeout(1_000 + 200 * Math.random());
  return {
    child,
    namespace,
    acknowledged,
    reach,
    perSecond: (count) => (count * 1_000) / (performance.now() - startMs),
    close: () => rm(file, { force: true }),
  };
}
