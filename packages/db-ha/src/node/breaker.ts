/** Failures in a row that open the breaker. */
const threshold = 3;
const firstPauseMs = 500;
const longestPauseMs = 10_000;

/**
 * Circuit breaker of a node's reads: after several failures in a row nothing is sent for a while, then one
 * query at a time until it succeeds, then twice as many with every success.
 *
 * It catches what probes cannot see: a node that answers who it is and fails the application's queries.
 */
export class Breaker {
  #failures = 0;
  #pauseMs = firstPauseMs;
  #closedUntilMs = 0;
  /** Queries that a recovering node may have at once; Infinity when it has recovered. */
  #limit = Number.POSITIVE_INFINITY;

  state(nowMs: number): 'closed' | 'open' | 'half-open' {
    if (nowMs < this.#closedUntilMs) return 'open';
    return this.#limit === Number.POSITIVE_INFINITY ? 'closed' : 'half-open';
  }

  allows(inFlight: number, nowMs: number): boolean {
    return nowMs >= this.#closedUntilMs && inFlight < this.#limit;
  }

  failure(nowMs: number): void {
    // Of a query that was sent before it opened: the same trouble, and not a longer one.
    if (nowMs < this.#closedUntilMs) return;
    this.#failures += 1;
    const hasJustReturned = this.#limit !== Number.POSITIVE_INFINITY;
    if (this.#failures < threshold && !hasJustReturned) return;
    this.#closedUntilMs = nowMs + this.#pauseMs;
    this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
    this.#limit = 1;
  }

  success(): void {
    this.#failures = 0;
    if (this.#limit === Number.POSITIVE_INFINITY) return;
    this.#limit *= 2;
    // Beyond this many at once it carries a share like any other.
    if (this.#limit > 16) {
      this.#limit = Number.POSITIVE_INFINITY;
      this.#pauseMs = firstPauseMs;
    }
  }

  /** Starts a node that was away with one query, then 2, then 4. */
  startSlowly(): void {
    this.#failures = 0;
    this.#closedUntilMs = 0;
    this.#limit = 1;
  }
}
