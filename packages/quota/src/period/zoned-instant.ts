import type { Record as ZonedDateTime } from 'temporal-polyfill/fns/ZonedDateTime';

const nanosPerMilli = 1_000_000n;

/** An instant as Temporal takes it; what is finer than a millisecond is cut off. */
export function epochNs(atMs: number): bigint {
  return BigInt(Math.floor(atMs)) * nanosPerMilli;
}

/** In milliseconds: no clock was ever set at a fraction of one. */
export function epochMsOf({ epochNanoseconds }: ZonedDateTime): number {
  return Number(epochNanoseconds / nanosPerMilli);
}
