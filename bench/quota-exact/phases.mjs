import { setTimeout } from 'node:timers/promises';

const minuteMs = 60_000;

/**
 * What happens while attempts are made. `at` is how many were admitted when it begins.
 *
 * @type {readonly { name: string, forms: readonly string[], plan?: string, redis?: object, slowCommitMs?: number, run: Function }[]}
 */
export const phases = [
  { name: 'nothing happens', forms: ['full'], run: ({ attempt }) => attempt() },
  {
    name: 'the period ends',
    forms: ['full', 'quick'],
    plan: 'minute',
    async run({ attempt }) {
      await untilBeforeMinute(4_000);
      await attempt(0.5);
      await setTimeout(minuteMs - (Date.now() % minuteMs) + 50);
      await attempt(0.5);
    },
  },
  {
    name: 'the period ends under way',
    forms: ['full'],
    plan: 'minute',
    slowCommitMs: 100,
    async run({ attempt }) {
      await untilBeforeMinute(1_500);
      await attempt();
      // As many as the old period may have left over.
      await attempt(0.4);
    },
  },
  {
    name: 'killed, nothing kept',
    forms: ['full', 'quick', 'short'],
    run: ({ attempt, redis }) => Promise.all([attempt(), killAt(redis, 400)]),
  },
  {
    name: 'killed, an old snapshot comes back',
    forms: ['full', 'quick'],
    run: ({ attempt, redis }) =>
      Promise.all([
        attempt(),
        (async () => {
          await redis.admitted(150);
          await redis.command('SAVE');
          await killAt(redis, 500);
        })(),
      ]),
  },
  {
    name: 'killed, its log comes back',
    forms: ['full'],
    redis: { appendonly: 'yes', appendfsync: 'everysec' },
    run: ({ attempt, redis }) => Promise.all([attempt(), killAt(redis, 500)]),
  },
  {
    name: 'killed three times, slow commits',
    forms: ['full'],
    slowCommitMs: 100,
    run: ({ attempt, redis }) =>
      Promise.all([
        attempt(),
        (async () => {
          for (const admitted of [200, 500, 800]) await killAt(redis, admitted);
        })(),
      ]),
  },
  {
    name: 'snapshot, slow commits, one stopped',
    forms: ['full'],
    slowCommitMs: 100,
    run: ({ attempt, redis, workers }) =>
      Promise.all([
        attempt(),
        (async () => {
          await redis.admitted(150);
          await redis.command('SAVE');
          process.kill(workers[3].pid, 'SIGSTOP');
          await killAt(redis, 400);
          await setTimeout(1_500);
          process.kill(workers[3].pid, 'SIGCONT');
        })(),
      ]),
  },
  {
    name: 'its keys are deleted',
    forms: ['full', 'quick'],
    run: ({ attempt, redis }) =>
      Promise.all([
        attempt(),
        (async () => {
          await redis.admitted(500);
          await redis.command('FLUSHALL');
        })(),
      ]),
  },
  {
    name: 'frozen for two seconds',
    forms: ['full'],
    run: ({ attempt, redis }) =>
      Promise.all([
        attempt(),
        (async () => {
          await redis.admitted(400);
          redis.freeze();
          await setTimeout(2_000);
          redis.thaw();
        })(),
      ]),
  },
];

async function killAt(redis, admitted) {
  await redis.admitted(admitted);
  await redis.kill();
  await setTimeout(200);
  await redis.startAgain();
}

/** So long before a minute ends. */
async function untilBeforeMinute(ms) {
  const leftMs = minuteMs - (Date.now() % minuteMs);
  await setTimeout(leftMs > ms ? leftMs - ms : leftMs + minuteMs - ms);
}
