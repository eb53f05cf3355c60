import { setTimeout as sleep } from 'node:timers/promises';

/**
 * How long a request takes: connections that each ask one contestant after the other, in an order that is drawn anew
 * each time, so that whatever slows the machine down meets all of them alike; so many times each.
 *
 * @param {Record<string, () => Promise<unknown>>} sendTo asks a contestant once
 * @param {{ connections: number, ratePerSecond?: number, rounds: number }} options so few connections that they find the
 *   processors free: with more it is the queue before them that is measured
 * @returns {Promise<Record<string, Float64Array>>} milliseconds, sorted
 */
export async function latencies(sendTo, { connections, ratePerSecond, rounds }) {
  const names = Object.keys(sendTo);
  const tookMs = Object.fromEntries(names.map((name) => [name, []]));
  let left = rounds;
  const everyMs = ratePerSecond ? (connections * 1_000) / ratePerSecond : 0;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (left-- > 0) {
        for (const name of shuffled(names)) {
          const startedAtMs = performance.now();
          await sendTo[name]();
          tookMs[name].push(performance.now() - startedAtMs);
          const restMs = startedAtMs + everyMs - performance.now();
          if (restMs > 0) await sleep(restMs);
        }
      }
    }),
  );
  return Object.fromEntries(names.map((name) => [name, Float64Array.from(tookMs[name]).sort()]));
}

function shuffled(values) {
  return values
    .map((value) => [Math.random(), value])
    .sort(([one], [other]) => one - other)
    .map(([, value]) => value);
}
