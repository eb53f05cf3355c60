import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from './monotonic-ms.mjs';

/**
 * What is done to the fleet while it reads and writes. `full`, `quick` and `short` say for how long in milliseconds,
 * and where a phase is missing, that it is left out.
 */
export const phases = [
  { name: 'healthy', full: 8_000, quick: 4_000, short: 2_000, fault: (_, ms) => sleep(ms) },
  {
    name: 'one socket cut',
    full: 3_000,
    quick: 3_000,
    short: 3_000,
    fault: (world, ms) => onProxy(world, 'reset', ms),
  },
  { name: 'one half-open', full: 3_000, fault: (world, ms) => onProxy(world, 'blackhole', ms) },
  { name: 'Redis frozen', full: 3_000, quick: 3_000, short: 3_000, fault: freeze },
  { name: 'Redis frozen long', full: 12_000, fault: freeze },
  {
    name: 'Redis restarted empty',
    full: 100,
    quick: 100,
    short: 100,
    fault: (world, ms) => restart(world, ms),
  },
  { name: 'Redis gone, back empty', full: 4_000, fault: (world, ms) => restart(world, ms) },
  {
    name: 'Redis restarted with its data',
    full: 100,
    before: async ({ redis }) => {
      await redis.command('CONFIG', 'SET', 'appendonly', 'yes');
      await sleep(1_000);
    },
    fault: (world, ms) => restart(world, ms, { appendonly: 'yes' }),
  },
  {
    name: 'Redis gone, back with its data',
    full: 4_000,
    fault: (world, ms) => restart(world, ms, { appendonly: 'yes' }),
  },
  {
    name: 'Redis restarted from a snapshot',
    full: 100,
    quick: 100,
    // What came after it is lost, as with a failover to a replica that lags.
    before: async ({ redis }) => {
      await redis.command('CONFIG', 'SET', 'appendonly', 'no');
      await redis.command('SAVE');
      await sleep(700);
    },
    fault: (world, ms) => restart(world, ms),
  },
  { name: 'log deleted', full: 100, quick: 100, fault: (world) => unlink(world, 'log') },
  { name: "log's names deleted", full: 100, fault: (world) => unlink(world, 'log:last') },
  { name: 'one worker stopped', full: 8_000, quick: 3_000, fault: stopWorker },
  {
    name: 'failover by Sentinel',
    full: 6_000,
    sentinel: true,
    async fault({ sentinels }, ms) {
      process.kill(sentinels.primary.pid, 'SIGKILL');
      await sleep(ms);
    },
  },
];

async function onProxy({ proxies }, mode, ms) {
  await proxies[0].set(mode);
  await sleep(ms);
  await proxies[0].set('pass');
}

async function freeze({ redis }, ms) {
  redis.freeze();
  await sleep(ms);
  redis.thaw();
}

async function restart({ redis }, ms, settings) {
  await redis.kill();
  await sleep(ms);
  await redis.startAgain(settings);
}

async function unlink({ redis, namespace }, name) {
  await redis.command('UNLINK', `{${namespace}}:${name}`);
}

/** Whoever is stopped himself cannot help that his reads take long. */
async function stopWorker({ workers }, ms) {
  const from = monotonicMs();
  workers[0].kill('SIGSTOP');
  await sleep(ms);
  workers[0].kill('SIGCONT');
  // The timers of all that he had under way come first.
  return [{ worker: 0, from, to: monotonicMs() + 50 }];
}
