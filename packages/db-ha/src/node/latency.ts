/** Weight of the newest sample. */
const weight = 0.2;
/** An average that nobody renewed loses half its meaning in this long, so that a node once slow is tried again. */
const halfLifeMs = 1_000;

/** Exponentially weighted moving average of a node's query times. */
export class Latency {
  #averageMs: number | undefined;
  #sampledAtMs = 0;

  add(sampleMs: number, nowMs: number): void {
    const averageMs = this.#averageMs ?? sampleMs;
    this.#averageMs = averageMs + (sampleMs - averageMs) * weight;
    this.#sampledAtMs = nowMs;
  }

  get averageMs(): number | undefined {
    return this.#averageMs;
  }

  /** The average, fading with age. */
  expectedMs(nowMs: number): number {
    return (this.#averageMs ?? 0) * 0.5 ** ((nowMs - this.#sampledAtMs) / halfLifeMs);
  }
}
