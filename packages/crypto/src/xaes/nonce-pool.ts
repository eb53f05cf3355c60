import { randomFillSync } from 'node:crypto';
import { nonceBytes } from './derive';

const pool = Buffer.alloc(nonceBytes * 256);
let used = pool.length;

/** Writes a fresh random nonce. Randomness is fetched for many at once: one call for each costs as much as encrypting. */
export function fillNonce(target: Buffer, start: number): void {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  pool.copy(target, start, used, used + nonceBytes);
  // What was used is not left to be read.
  pool.fill(0, used, used + nonceBytes);
  used += nonceBytes;
}
