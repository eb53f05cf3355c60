import { setTimeout } from 'node:timers/promises';
import { barsOf } from '../lib/bars-of.mjs';
import { medianOf, ratioOf } from '../lib/rounds.mjs';
import { short, times } from '../lib/table.mjs';
import { tenants } from './limits.mjs';

/**
 * Contestants in turn, round after round, as `interleaved` of the cache, with the time of the processor beside that of
 * the clock: this process's, and the server's.
 *
 * @param {Record<string, (tenant: string) => Promise<unknown>>} contestants
 * @param {{ rounds: number, roundMs: number, atATime: number, warmUpCalls: number, redis: { cpuUs(): Promise<number> } }} options
 * @returns {Promise<Record<'wall' | 'client' | 'server', Record<string, number[]>>>} microseconds a call, for each round
 */
export async function measured(contestants, { rounds, roundMs, atATime, warmUpCalls, redis }) {
  const names = Object.keys(contestants);
  const [wall, client, server] = [0, 0, 0].map(() => Object.fromEntries(names.map((name) => [name, []])));
  const calls = {};
  for (const name of names) calls[name] = await warmUp(contestants[name], { roundMs, atATime, warmUpCalls });
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      await setTimeout(2);
      const serverBeforeUs = await redis.cpuUs();
      const before = process.cpuUsage();
      wall[name].push(await microsecondsOf(contestants[name], calls[name], atATime));
      const { user, system } = process.cpuUsage(before);
      client[name].push((user + system) / calls[name]);
      server[name].push(((await redis.cpuUs()) - serverBeforeUs) / calls[name]);
    }
  }
  return { wall, client, server };
}

/** Until it is compiled, which takes many calls; how long the last of them took says how many calls a round has. */
async function warmUp(ask, { roundMs, atATime, warmUpCalls }) {
  await microsecondsOf(ask, warmUpCalls, Math.max(atATime, 20));
  const calls = 10 * atATime;
  const us = await microsecondsOf(ask, calls, atATime);
  return Math.max(calls, Math.round((roundMs * 1_000) / us));
}

let turn = 0;

async function microsecondsOf(ask, calls, atATime) {
  let left = calls;
  const one = async () => {
    while (left > 0) {
      left -= 1;
      turn += 7;
      await ask(tenants[turn % tenants.length]);
    }
  };
  const startMs = performance.now();
  await Promise.all(Array.from({ length: atATime }, one));
  return ((performance.now() - startMs) * 1_000) / calls;
}

/** One at a time is how long a call takes, many at a time how many there are in a second. */
export function showMeasured(report, title, { wall, client, server }, { base, limits, atATime }) {
  const isLatency = atATime === 1;
  const rows = Object.entries(wall).map(([name, values]) => [
    name,
    isLatency ? short(medianOf(values)) : perSecond(medianOf(values)),
    isLatency
      ? `${short(Math.min(...values))}–${short(Math.max(...values))}`
      : `${perSecond(Math.max(...values))}–${perSecond(Math.min(...values))}`,
    times(speedOf(wall, name, base)),
    short(medianOf(client[name])),
    short(medianOf(server[name])),
  ]);
  const unit = isLatency ? 'µs, median' : 'a second, median';
  const head = ['', unit, 'range', `as fast as ${base}`, 'µs CPU here', 'µs CPU of Redis'];
  report.table(title, head, rows);
  const ours = Object.keys(wall).filter((name) => name.startsWith('@unite'));
  if (isLatency) report.bars({ title, unit: 'µs', bars: barsOf(wall, { ours, limit: limits }) });
  else {
    const cpu = Object.fromEntries(
      Object.keys(wall).map((name) => [name, client[name].map((us, round) => us + server[name][round])]),
    );
    const bars = barsOf(cpu, { ours, limit: limits });
    report.bars({ title: `${title}: processor time here and in Redis`, unit: 'µs', bars });
  }
}

/** How many times as fast, within each round. */
export const speedOf = (samples, name, base) => ratioOf(samples, base, name);

const perSecond = (us) => Math.round(1e6 / us).toLocaleString('en');
