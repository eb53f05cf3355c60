import { randomFillSync } from 'node:crypto';
import { nonceBytes } from './derive';

const pool = Buffer.alloc(nonceBytes * 256);
let used = pool.length;

/**
 * Writes fresh random nonces. Randomness is fetched for many at once: one call for each costs as much as encrypting.
 *
 * @param target of a whole number of nonces, at most 256
 */
export function fillNonces(target: Buffer): void {
  if (used + target.length > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  pool.copy(target, 0, used, used + target.length);
  used += target.length;
}
