import { setTimeout as sleep } from 'node:timers/promises';

/**
 * What a request takes of the processor, in the app and in Redis: each contestant alone in turn, round after round, with
 * what it exports afterwards.
 *
 * @returns {Promise<{ cpuUs: Record<string, number[]>, redisUs: Record<string, number[]> }>}
 */
export async function cpuRounds(apps, route, { rounds, requests, warmUpRequests, drainMs, redisCpuUs }) {
  const names = Object.keys(apps);
  const [cpuUs, redisUs] = [1, 2].map(() => Object.fromEntries(names.map((name) => [name, []])));
  for (let round = 0; round < rounds; round++) {
    for (const name of rotated(names, round)) {
      const app = apps[name];
      // The engine forgets what it compiled while others have their turn; a server under load has it.
      await load(app, route, warmUpRequests);
      // What is measured begins where nothing waits for export any more, and ends there.
      await sleep(drainMs);
      const before = { app: await appCpuUs(app), redis: await redisCpuUs() };
      await load(app, route, requests);
      await sleep(drainMs);
      cpuUs[name].push(((await appCpuUs(app)) - before.app) / requests);
      redisUs[name].push(((await redisCpuUs()) - before.redis) / requests);
    }
  }
  return { cpuUs, redisUs };
}

/** So many requests, of connections that each ask again as soon as they are answered, or that share a rate. */
export async function load(app, { connections, ratePerSecond, ...route }, requests) {
  const everyMs = ratePerSecond ? (connections * 1_000) / ratePerSecond : 0;
  let left = requests;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (left-- > 0) {
        const nextAtMs = performance.now() + everyMs;
        await app.requests.send(route);
        const restMs = nextAtMs - performance.now();
        if (restMs > 0) await sleep(restMs);
      }
    }),
  );
}

async function appCpuUs(app) {
  const { cpu } = await app.ask();
  return cpu.user + cpu.system;
}

/** Each round begins with another one. */
function rotated(list, by) {
  const start = by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
