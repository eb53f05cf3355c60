import { setTimeout as sleep } from 'node:timers/promises';

/**
 * What a request takes of the processor, in the app and in Redis: each contestant alone in turn, round after round, with
 * what it exports afterwards.
 *
 * @returns {Promise<{ cpuUs: Record<string, number[]>, redisUs: Record<string, number[]> }>}
 */
export async function cpuRounds(apps, route, { rounds, durationMs, warmUpMs, drainMs, redisCpuUs }) {
  const names = Object.keys(apps);
  const [cpuUs, redisUs] = [1, 2].map(() => Object.fromEntries(names.map((name) => [name, []])));
  for (let round = 0; round < rounds; round++) {
    for (const name of rotated(names, round)) {
      const app = apps[name];
      // The engine forgets what it compiled while others have their turn; a server under load has it.
      await load(app, route, warmUpMs);
      const before = { app: await appCpuUs(app), redis: await redisCpuUs() };
      const count = await load(app, route, durationMs);
      await sleep(drainMs);
      cpuUs[name].push(((await appCpuUs(app)) - before.app) / count);
      redisUs[name].push(((await redisCpuUs()) - before.redis) / count);
    }
  }
  return { cpuUs, redisUs };
}

/** Connections that each ask again as soon as they are answered, or that share a rate. @returns how many requests */
async function load({ requests }, { connections, ratePerSecond, ...route }, durationMs) {
  const endsAtMs = performance.now() + durationMs;
  const everyMs = ratePerSecond ? (connections * 1_000) / ratePerSecond : 0;
  let count = 0;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < endsAtMs) {
        const nextAtMs = performance.now() + everyMs;
        await requests.send(route);
        count += 1;
        if (everyMs > 0) await sleep(Math.max(0, nextAtMs - performance.now()));
      }
    }),
  );
  return count;
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
