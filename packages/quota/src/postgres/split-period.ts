import type { Period } from '../period/period-types';
import { bucketMs } from './usage-of';

/** A stretch of time as what has been summed, and what is left at its ends. */
export interface SplitPeriod {
  readonly buckets: Period;
  readonly edges: readonly [Period, Period];
}

/** Every part may be empty. */
export function splitPeriod({ startAtMs, endAtMs }: Period): SplitPeriod {
  const first = Math.ceil(startAtMs / bucketMs) * bucketMs;
  const last = Math.floor(endAtMs / bucketMs) * bucketMs;
  const from = Math.min(first, endAtMs);
  const to = Math.max(last, from);
  return {
    buckets: { startAtMs: from, endAtMs: to },
    edges: [
      { startAtMs, endAtMs: from },
      { startAtMs: to, endAtMs },
    ],
  };
}
