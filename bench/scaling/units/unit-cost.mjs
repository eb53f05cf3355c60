import { medianOf } from '../../lib/rounds.mjs';

/**
 * What one of many costs by a counter that only rises, such as a server's processor time.
 *
 * @param {{ what: string, unit: string, rounds: number, calls: number }} about
 * @param {() => number | Promise<number>} counter
 * @param {(calls: number) => unknown} work does it so many times
 */
export async function unitCost({ what, unit, rounds, calls }, counter, work) {
  await work(Math.ceil(calls / 4));
  const costs = [];
  for (let round = 0; round < rounds; round += 1) {
    const before = await counter();
    await work(calls);
    costs.push(((await counter()) - before) / calls);
  }
  return figure({ what, unit }, costs);
}

/** @param {{ what: string, unit: string }} about @param {number[]} values */
export function figure({ what, unit }, values) {
  return { what, unit, median: medianOf(values), least: Math.min(...values), most: Math.max(...values) };
}

/** Does it so many times, by several at once that each wait for their answer. */
export async function inTurns(workers, calls, work) {
  let next = 0;
  await Promise.all(
    workers.map(async (worker) => {
      while (next < calls) await work(worker, next++);
    }),
  );
}
