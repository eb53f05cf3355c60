/** HAProxy's times are sliding means over so many requests (`TIME_STATS_SAMPLES`), of all while there are fewer. */
const window = 512;
/** Both are rounded to whole milliseconds, upwards. */
const roundingMs = 2;

/** A sliding mean and of how many requests in all. */
export interface SlidingMean {
  readonly meanMs: number;
  readonly count: number;
}

/**
 * The mean of the requests between two looks at a sliding mean: what is left of the older one is taken off. The fewer
 * requests were between them, the less is known: `withinMs`.
 */
export function meanSince(
  before: SlidingMean,
  now: SlidingMean,
): { readonly meanMs: number | null; readonly withinMs: number } {
  if (now.count <= before.count) return { meanMs: null, withinMs: 0 };
  const left = leftOf(before.count, now.count);
  const gained = 1 - left;
  return {
    meanMs: Math.max(0, (now.meanMs - before.meanMs * left) / gained),
    withinMs: roundingMs / gained,
  };
}

/** Each request takes off one part in as many as the mean is of. */
function leftOf(before: number, now: number): number {
  const growing = Math.min(before, window) / Math.min(now, window);
  const slid = now - Math.max(before, window);
  return growing * (1 - 1 / window) ** Math.max(0, slid);
}
