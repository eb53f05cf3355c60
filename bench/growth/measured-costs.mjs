import { setTimeout } from 'node:timers/promises';

/** How often a point runs before it counts, so that it is compiled and it is known how many calls a round has. */
const warmUps = 8;
const maxCalls = 4_000_000;

/**
 * Points in turn, round after round: what slows the machine down for a while slows all of them. What is counted is time
 * of the processor, of this process with its threads, and of the servers that do the work.
 *
 * @param {Record<string, (calls: number) => unknown>} points each makes so many calls
 * @param {{ rounds: number, roundMs: number, calls?: number, servers: readonly { cpuUs(): Promise<number> }[] }} options
 * @returns {Promise<Record<string, number[]>>} nanoseconds a call, for each round
 */
export async function measuredCosts(points, { rounds, roundMs, calls: fixed, servers }) {
  const calls = {};
  for (const [name, run] of Object.entries(points)) {
    calls[name] = fixed ?? (await warmUp(run, { roundMs, servers }));
    if (fixed) await run(fixed);
  }
  const samples = Object.fromEntries(Object.keys(points).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(points)) {
      // So that the process gets to its timers and sockets.
      await setTimeout(1);
      samples[name].push(await nanosecondsOf(run, calls[name], servers));
    }
  }
  return samples;
}

async function warmUp(run, { roundMs, servers }) {
  let calls = 1;
  for (let times = 0; times < warmUps; ) {
    const ms = ((await nanosecondsOf(run, calls, servers)) * calls) / 1e6;
    await setTimeout(1);
    if (ms < roundMs / 2 && calls < maxCalls) calls *= 2;
    else times += 1;
  }
  return calls;
}

async function nanosecondsOf(run, calls, servers) {
  const serversBeforeUs = await sumOf(servers);
  const before = process.cpuUsage();
  await run(calls);
  const { user, system } = process.cpuUsage(before);
  const serversUs = (await sumOf(servers)) - serversBeforeUs;
  return Math.max(1, ((user + system + serversUs) * 1_000) / calls);
}

async function sumOf(servers) {
  let sumUs = 0;
  for (const server of servers) sumUs += await server.cpuUs();
  return sumUs;
}
