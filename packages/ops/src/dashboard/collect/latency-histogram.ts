/** Upper bounds in milliseconds, from 0.25 to two minutes, each a fifth above the one before. */
const boundsMs = Array.from({ length: 76 }, (_, index) => 0.25 * 2 ** (index / 4));

/** Times of answers in memory of a fixed size. A percentile is right to a fifth. */
export class LatencyHistogram {
  readonly #counts = new Uint32Array(boundsMs.length + 1);
  #total = 0;

  /** @param bucket of `bucketOf`: one time is counted in several of these */
  record(bucket: number): void {
    this.#counts[bucket] = Number(this.#counts[bucket]) + 1;
    this.#total += 1;
  }

  clear(): void {
    if (this.#total > 0) this.#counts.fill(0);
    this.#total = 0;
  }

  /** @param share 0.95. @returns `null` where nothing was recorded */
  quantileMs(share: number): number | null {
    if (this.#total === 0) return null;
    let below = 0;
    const rank = Math.max(1, Math.ceil(share * this.#total));
    const index = this.#counts.findIndex((count) => {
      below += count;
      return below >= rank;
    });
    const upper = boundsMs[index] ?? (boundsMs.at(-1) as number);
    const lower = boundsMs[index - 1] ?? 0;
    const count = Number(this.#counts[index]);
    return rounded(lower + ((upper - lower) * (rank - (below - count))) / count);
  }
}

/** Where a time is counted. */
export function bucketOf(durationMs: number): number {
  return durationMs <= 0.25 ? 0 : Math.min(Math.ceil(4 * Math.log2(durationMs * 4)), boundsMs.length);
}

/** To a tenth: nobody reads more, and frames are small. */
export function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
