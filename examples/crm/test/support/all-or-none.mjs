/**
 * Like `Promise.all`, but fails only once all have ended: what somebody is still starting could not be ended else.
 *
 * @template Value
 * @param {readonly Promise<Value>[]} promises
 */
export async function allOrNone(promises) {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
