import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../scene/until.mjs';
import { verdict } from '../scene/verdict.mjs';

/** @type {import('../scene/start-scene.mjs').SceneDrill} */
export const loseRedis = {
  name: 'lose-redis',
  about: 'Redis freezes, then dies and comes back empty: no request fails, and none waits for it.',
  async run({ stack, ask, load, windowMs }, run) {
    const { redis } = stack;
    run.undo(() => redis.start());
    run.undo(() => redis.kill('SIGCONT'));
    run.note('freezing Redis');
    let mark = load.mark();
    await redis.kill('SIGSTOP');
    await sleep(windowMs, undefined, { signal: run.signal });
    const frozen = await load.since(mark);
    await redis.kill('SIGCONT');
    run.score(row('a frozen Redis fails no request, p95 < 200 ms', frozen));

    run.note('killing Redis');
    mark = load.mark();
    await redis.kill('SIGKILL');
    await sleep(windowMs, undefined, { signal: run.signal });
    await redis.start();
    const lost = await load.since(mark);
    run.score(row('a lost Redis fails no request, p95 < 200 ms', lost));
    run.note('waiting until the application uses it again');
    await until('Redis is used again', async () => (await ask('/health/ready')).json.status === 'up', {
      signal: run.signal,
    });
  },
};

/**
 * @param {string} promise
 * @param {{ requests: number, errors: number, p95Ms: number }} seen
 */
function row(promise, { requests, errors, p95Ms }) {
  const measured = `${errors} of ${requests} failed, p95 ${p95Ms} ms`;
  return verdict(promise, errors === 0 && p95Ms < 200, measured, { requests, errors, p95Ms });
}
