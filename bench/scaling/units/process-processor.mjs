import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

/** Microseconds of processor time that this process has used. */
export function processUs() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Bytes that are held after `make`, and were not before. */
export async function heldBytes(make) {
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const held = await make();
  collectGarbage();
  const bytes = process.memoryUsage().heapUsed - before;
  // Until here it must not be let go of.
  return held === undefined ? Number.NaN : bytes;
}
