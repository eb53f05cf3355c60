import type { Clock } from '@unite/core';

/** Lets so many through in a second, and as many at once after a quiet one. @returns whether this one may pass */
export function createGate(perSecond: number, clock: Clock): () => boolean {
  let left = perSecond;
  let atMs = clock.monotonicMs();
  return () => {
    const nowMs = clock.monotonicMs();
    left = Math.min(perSecond, left + ((nowMs - atMs) * perSecond) / 1_000);
    atMs = nowMs;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}
