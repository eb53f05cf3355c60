import { setTimeout as sleep } from 'node:timers/promises';
import { startRedisSentinel } from '../../scripts/services/dist/index.js';
import { startFleet } from './fleet.mjs';
import { judge } from './judge.mjs';
import { monotonicMs } from './monotonic-ms.mjs';
import { phases } from './phases.mjs';
import { startRedisServer } from './redis-server.mjs';

const maxStalenessMs = 5_000;
/** Among the reads that got something old. Beside the tests, which keep the machine busy, more is allowed. */
const healthyP99Ms = { full: 100, quick: 100, short: 500 };
/** Longer is hanging. */
const longestReadMs = { full: 1_000, quick: 1_000, short: 3_000 };
/** Writes begin this long before the figures, and go on this long after a fault; then only reads, which shows what was lost for good. */
const beforeMs = { full: 1_500, quick: 1_000, short: 1_000 };
const afterMs = { full: 2_000, quick: 1_000, short: 1_000 };
const quietMs = { full: 3_500, quick: 2_500, short: 1_500 };
/** Reads in the last part of the quiet may find nothing old. */
const lastMs = 500;

/**
 * Runs the phases of a form, one after the other.
 *
 * @param form `full`, `quick` or `short`
 * @param options `only` with names of phases; `isDeaf` for caches that hear of nothing which others write; `onPhase` gets the figures of each, with the bars that it misses
 * @returns the same, of all
 */
export async function runLedger(form, { only, isDeaf = false, onPhase = () => {} } = {}) {
  const chosen = phases.filter((phase) => phase[form] !== undefined && (!only || only.includes(phase.name)));
  const results = [];
  const groups = [chosen.filter(({ sentinel }) => !sentinel), chosen.filter(({ sentinel }) => sentinel)];
  for (const group of groups.filter(({ length }) => length > 0)) {
    const world = await startWorld(group[0].sentinel, isDeaf);
    try {
      for (const phase of group) {
        const result = await runPhase(world, phase, form);
        onPhase(result);
        results.push(result);
      }
    } finally {
      await world.close();
    }
  }
  return results;
}

async function startWorld(withSentinel, isDeaf) {
  const namespace = 'ledger';
  const cacheOptions = { maxStalenessMs };
  const redis = withSentinel ? undefined : await startRedisServer();
  const sentinels = withSentinel ? await startRedisSentinel() : undefined;
  const sentinel = sentinels && {
    sentinels: sentinels.sentinels,
    name: sentinels.name,
    password: sentinels.password,
    sentinelPassword: sentinels.password,
  };
  const fleet = await startFleet({ namespace, cacheOptions, isDeaf, url: redis?.url, sentinel });
  return {
    ...fleet,
    namespace,
    redis,
    sentinels,
    async close() {
      await fleet.close();
      await redis?.close();
      await sentinels?.close();
    },
  };
}

async function runPhase(world, phase, form) {
  const { database } = world;
  world.write(true);
  await phase.before?.(world);
  // Memory is filled, and what was before is over.
  await sleep(beforeMs[form]);
  await world.collect();
  world.failures.clear();
  const before = { loads: database.reads, writes: database.writes };
  await sleep(phase.name === 'healthy' ? 0 : 500);
  const faultAt = monotonicMs();
  const excused = await phase.fault(world, phase[form]);
  const faultEndedAt = monotonicMs();
  await sleep(afterMs[form]);
  world.write(false);
  await sleep(quietMs[form]);
  const settledAt = monotonicMs();
  await sleep(lastMs);
  const { reads, stats } = await world.collect();
  const figures = judge(reads, database.oldSince(), {
    settledAt,
    faultAt,
    faultEndedAt: phase.name === 'healthy' ? undefined : faultEndedAt,
    excused: excused ?? [],
  });
  const result = {
    name: phase.name,
    ...figures,
    writes: database.writes - before.writes,
    loads: database.reads - before.loads,
    failures: [...world.failures].map(([what, times]) => `${times} × ${what}`),
    remote: stats.map((each) => each?.remote),
  };
  return { ...result, missed: missedBars(result, form) };
}

function missedBars(result, form) {
  const bars = {
    [`no read older than ${maxStalenessMs} ms`]: result.maxMs <= maxStalenessMs,
    'nothing old after the quiet': result.oldAtTheEnd === 0,
    'no read fails': result.failed === 0 && result.failures.length === 0,
    'no read hangs': result.slowestMs <= longestReadMs[form],
    'every worker reports': result.remote.every(Boolean),
    'memory hits come back': (result.memoryBackMs ?? 0) < Infinity,
    [`p99 under ${healthyP99Ms[form]} ms`]: result.name !== 'healthy' || result.p99Ms < healthyP99Ms[form],
  };
  return Object.keys(bars).filter((bar) => !bars[bar]);
}
