import { interleaved, loopOf } from './rounds.mjs';

/**
 * Contestants in turn, round after round, by the clock and by this process's time of the processors, its threads for
 * garbage among it.
 *
 * @param {Record<string, { run(item: unknown): unknown, isAsync: boolean }>} contestants
 * @param {readonly unknown[]} items
 * @param {{ rounds: number, roundMs: number }} options
 * @returns {Promise<Record<'wall' | 'cpu', Record<string, number[]>>>} nanoseconds a call, for each round
 */
export async function timed(contestants, items, { rounds, roundMs }) {
  const cpu = {};
  const measured = Object.fromEntries(
    Object.entries(contestants).map(([name, { run, isAsync }]) => {
      const loop = loopOf(run, items, { isAsync });
      cpu[name] = [];
      return [
        name,
        async (calls) => {
          const before = process.cpuUsage();
          await loop(calls);
          const { user, system } = process.cpuUsage(before);
          cpu[name].push(((user + system) * 1_000) / calls);
        },
      ];
    }),
  );
  const wall = await interleaved(measured, { rounds, roundMs });
  // What came before was for warming up.
  for (const name of Object.keys(cpu)) cpu[name] = cpu[name].slice(-rounds);
  return { wall, cpu };
}
