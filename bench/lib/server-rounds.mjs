import { setTimeout as sleep } from 'node:timers/promises';
import { load, quantile } from './http-load.mjs';

/**
 * Servers in processes of their own, asked in turn, round after round; each round begins with another one.
 *
 * @param {Record<string, { port: number, ask(): Promise<{ cpu: NodeJS.CpuUsage }> }>} apps
 * @param {{
 *   path: string, connections: number, durationMs: number, warmMs: number, rounds: number,
 *   drainMsOf: (name: string) => number,
 * }} options `drainMsOf`: until what waits to be sent has gone, which is part of what a request costs
 * @returns {Promise<Record<'cpuUs' | 'p50Ms' | 'p95Ms' | 'p99Ms', Record<string, number[]>>>} for each round
 */
export async function serverRounds(apps, { rounds, drainMsOf, warmMs, ...settings }) {
  const names = Object.keys(apps);
  const samplesOf = () => Object.fromEntries(names.map((name) => [name, []]));
  const samples = { cpuUs: samplesOf(), p50Ms: samplesOf(), p95Ms: samplesOf(), p99Ms: samplesOf() };
  for (const app of Object.values(apps)) await load({ ...settings, port: app.port, durationMs: 1_000 });
  await sleep(Math.max(...names.map(drainMsOf)));
  for (let round = 0; round < rounds; round++) {
    for (const name of rotated(names, round)) {
      const { tookMs, cpuUs } = await measured(apps[name], drainMsOf(name));
      samples.cpuUs[name].push(cpuUs);
      samples.p50Ms[name].push(quantile(tookMs, 0.5));
      samples.p95Ms[name].push(quantile(tookMs, 0.95));
      samples.p99Ms[name].push(quantile(tookMs, 0.99));
    }
  }
  return samples;

  async function measured(app, drainMs) {
    // The engine forgets what it compiled while others have their turn; a server under load has it.
    await load({ ...settings, port: app.port, durationMs: warmMs });
    const before = await app.ask();
    const tookMs = await load({ ...settings, port: app.port });
    await sleep(drainMs);
    const { cpu } = await app.ask();
    const us = cpu.user + cpu.system - before.cpu.user - before.cpu.system;
    return { tookMs, cpuUs: us / tookMs.length };
  }
}

function rotated(list, by) {
  const start = by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
