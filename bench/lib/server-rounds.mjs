import { setTimeout as sleep } from 'node:timers/promises';
import { load } from './http-load.mjs';

/**
 * What a request takes of the processor: servers in processes of their own, asked in turn, round after round; each round
 * begins with another one.
 *
 * @param {Record<string, { port: number, ask(): Promise<{ cpu: NodeJS.CpuUsage }> }>} apps
 * @param {{
 *   path: string, connections: number, durationMs: number, warmMs: number, rounds: number,
 *   drainMsOf: (name: string) => number,
 * }} options `drainMsOf`: until what waits to be sent has gone, which is part of what a request costs
 * @returns {Promise<Record<string, number[]>>} microseconds, for each round
 */
export async function serverRounds(apps, { rounds, drainMsOf, warmMs, ...settings }) {
  const names = Object.keys(apps);
  const cpuUs = Object.fromEntries(names.map((name) => [name, []]));
  for (const app of Object.values(apps)) await load({ ...settings, port: app.port, durationMs: 1_000 });
  await sleep(Math.max(...names.map(drainMsOf)));
  for (let round = 0; round < rounds; round++) {
    for (const name of rotated(names, round)) {
      cpuUs[name].push(await measured(apps[name], drainMsOf(name)));
    }
  }
  return cpuUs;

  async function measured(app, drainMs) {
    // The engine forgets what it compiled while others have their turn; a server under load has it.
    await load({ ...settings, port: app.port, durationMs: warmMs });
    const before = await app.ask();
    const tookMs = await load({ ...settings, port: app.port });
    await sleep(drainMs);
    const { cpu } = await app.ask();
    const us = cpu.user + cpu.system - before.cpu.user - before.cpu.system;
    return us / tookMs.length;
  }
}

function rotated(list, by) {
  const start = by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
