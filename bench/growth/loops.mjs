import { loopOf } from '../lib/rounds.mjs';

/** The same operation again and again, each awaited. @param {() => unknown} operation */
export function repeated(operation, { isAsync = true } = {}) {
  return loopOf(operation, Array.from({ length: 8 }), { isAsync });
}

/**
 * So many calls at a time: how much work one is, not how long it takes.
 *
 * @param {(turn: number) => Promise<unknown>} operation
 */
export function atATime(operation, concurrency = 32) {
  let turn = 0;
  return async (calls) => {
    let left = calls;
    const worker = async () => {
      while (left > 0) {
        left -= 1;
        turn += 1;
        await operation(turn);
      }
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
  };
}
