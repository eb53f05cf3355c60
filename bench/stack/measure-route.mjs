import { latencies } from '../lib/latencies.mjs';
import { cpuRounds, load } from './cpu-rounds.mjs';

/** Everybody exports once a second: what waits for that by then has gone. */
const drainMs = 1_500;
/** So few that they find the processors free. */
const latencyConnections = 2;

/** Requests of each contestant; the first of them fill the caches and let the engine compile. */
const full = { first: 3_000, warmUp: 800, round: 2_000, latency: 2_000, rounds: 5 };
const short = { first: 1_000, warmUp: 100, round: 400, latency: 300, rounds: 3 };

/**
 * What a request to a route takes of the processor, here and in Redis, and how long it takes.
 *
 * @param {Record<string, Awaited<ReturnType<typeof import('./contestants.mjs').startApp>>>} apps
 * @param {{ path: string, status: number, connections: number, ratePerSecond?: number, share?: number }} route `share`:
 *   of the requests that others get
 * @param {{ quick: boolean, redisCpuUs: () => Promise<number> }} options
 */
export async function measureRoute(apps, { share = 1, ...route }, { quick, redisCpuUs }) {
  const { first, warmUp, round, latency, rounds } = quick ? short : full;
  for (const app of Object.values(apps)) await load(app, route, first * share);
  const requests = { requests: round * share, warmUpRequests: warmUp * share };
  const cpu = await cpuRounds(apps, route, { rounds, ...requests, drainMs, redisCpuUs });
  const senders = Object.entries(apps).map(([name, app]) => [name, () => app.requests.send(route)]);
  const tookMs = await latencies(Object.fromEntries(senders), {
    ...route,
    connections: latencyConnections,
    rounds: latency * share,
  });
  return { ...cpu, tookMs };
}
