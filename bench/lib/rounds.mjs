import { setTimeout } from 'node:timers/promises';

/**
 * Contestants in turn, round after round, so that what slows the machine down for a while slows all of them. Each
 * round of each takes about as long, however slow it is. Between them the process gets to its timers and sockets.
 *
 * @param {Record<string, (calls: number) => unknown>} contestants each makes so many calls
 * @param {{ rounds: number, roundMs: number, maxCalls?: number, clock?: 'wall' | 'cpu' }} options `cpu`: what the process
 *   used, which others on the machine lengthen little; for what waits for nobody
 * @returns {Promise<Record<string, number[]>>} nanoseconds a call, for each round
 */
export async function interleaved(contestants, { rounds, roundMs, maxCalls = 10_000_000, clock = 'wall' }) {
  const samples = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  const calls = {};
  for (const [name, run] of Object.entries(contestants)) calls[name] = await warmUp(run, roundMs, maxCalls);
  const now = clocks[clock];
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(contestants)) {
      await setTimeout(2);
      samples[name].push(await nanosecondsOf(run, calls[name], now));
    }
  }
  return samples;
}

const clocks = {
  wall: () => process.hrtime.bigint(),
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return BigInt(user + system) * 1_000n;
  },
};

/** Until it is compiled, and it is known how many calls a round has. */
async function warmUp(run, roundMs, maxCalls) {
  let calls = 4;
  for (let times = 0; times < 12; ) {
    const ms = ((await nanosecondsOf(run, calls)) * calls) / 1e6;
    await setTimeout(2);
    if (ms < roundMs / 2 && calls < maxCalls) calls = Math.min(maxCalls, calls * 2);
    else times += 1;
  }
  return calls;
}

async function nanosecondsOf(run, calls, now = clocks.wall) {
  const start = now();
  await run(calls);
  return Number(now() - start) / calls;
}

/**
 * A loop of its own for each contestant: one that all share would be compiled for all of them at once. The number in
 * its text keeps the engine from taking two of them for one.
 *
 * @param {(params: unknown) => unknown} read
 * @param {readonly unknown[]} params read in a fixed, scattered order
 */
export function loopOf(read, params, { isAsync = true } = {}) {
  loops += 1;
  const body = `/* ${loops} */ return ${isAsync ? 'async' : ''} (calls) => {
    let sink = 0;
    for (let call = 0, at = 0; call < calls; call += 1) {
      at += 7;
      if (at >= params.length) at -= params.length;
      if (${isAsync ? 'await' : ''} read(params[at]) === undefined) throw new Error('a miss');
      sink += 1;
    }
    return sink;
  }`;
  return new Function('read', 'params', body)(read, params);
}
let loops = 0;

export const medianOf = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/** Of the ratios within each round. */
export function ratioOf(samples, name, base) {
  const ratios = samples[name].map((value, round) => value / samples[base][round]);
  return { median: medianOf(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
}
