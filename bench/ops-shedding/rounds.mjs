import { setTimeout } from 'node:timers/promises';
import { capacityOf, openLoop, unloadedOf } from './loads.mjs';
import { startServer } from './server-process.mjs';
import { maxDelayMs, servers } from './servers.mjs';

const baseline = 'no shedding';
/** What was not answered then is given up, in milliseconds after the last request. */
const patienceMs = 2_000;
/** For what the servers have measured to pass, in milliseconds. */
const restMs = 1_000;

/**
 * Rounds of one workload: first what the server can do, then each contestant under each load. The highest load comes
 * first, so that nobody has learned from a lower one.
 *
 * @returns {Promise<Round[]>}
 * @typedef {{ capacity: number, unloadedMs: number, boundMs: number, runs: Run[] }} Round
 * @typedef {{ contestant: string, load: number } & Awaited<ReturnType<typeof openLoop>>} Run
 */
export async function measuredRounds(path, workload, { rounds, durationMs, loads, contestants }) {
  const measured = [];
  for (const round of Array(rounds).keys()) {
    const { capacity, unloadedMs } = await unshed(path, workload, durationMs);
    const runs = [];
    for (const contestant of contestants ?? Object.keys(servers)) {
      console.error(`${path}, round ${round + 1} of ${rounds}: ${contestant}`);
      const server = await startServer(contestant);
      await unloadedOf(server.port, path, { durationMs: 500 });
      for (const load of loads) {
        await setTimeout(restMs);
        const options = { perSecond: capacity * load, durationMs, seed: round + 1, patienceMs };
        runs.push({ contestant, load, ...(await openLoop(server.port, path, options)) });
      }
      await server.close();
    }
    measured.push({
      capacity,
      unloadedMs,
      boundMs: unloadedMs + workload.waitsForLoop * maxDelayMs,
      runs,
    });
  }
  return measured;
}

async function unshed(path, { capacityConnections }, durationMs) {
  const server = await startServer(baseline);
  const times = await unloadedOf(server.port, path, { durationMs: durationMs / 2 });
  const capacity = await capacityOf(server.port, path, {
    connections: capacityConnections,
    durationMs: durationMs / 2,
  });
  await server.close();
  return { capacity, unloadedMs: times.toSorted((a, b) => a - b)[times.length >> 1] };
}
