const everyMs = 60_000;
/** Kinds that are remembered; others are refused until one of them is over a minute old. */
const maxKinds = 1_000;

/** Lets one of each kind through in a minute. */
export class OnceAMinute {
  readonly #untilMs = new Map<string, number>();
  readonly #monotonicMs: () => number;

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
  }

  isFirst(kind: string): boolean {
    const nowMs = this.#monotonicMs();
    // In the order in which they end.
    for (const [known, untilMs] of this.#untilMs) {
      if (untilMs > nowMs) break;
      this.#untilMs.delete(known);
    }
    if (this.#untilMs.has(kind) || this.#untilMs.size >= maxKinds) return false;
    this.#untilMs.set(kind, nowMs + everyMs);
    return true;
  }
}
