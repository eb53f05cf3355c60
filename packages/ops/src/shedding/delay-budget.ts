/**
 * How late a round of the event loop may get before it takes no more requests.
 *
 * A request waits until the round ends in which it arrives, and for those that are read before it in the next: each may
 * take half, and one round after an idle one may take it all, so that a burst is served.
 *
 * A queue that is never empty makes everybody wait and serves nobody sooner. Where each round has been late or refused
 * somebody for as long as a request may wait, a round takes requests for a tenth of the time only ("controlled delay":
 * RFC 8289 §3; for servers: Maurer, "Fail at Scale", ACM Queue, 2015). Short rounds also let in connections sooner, for
 * Node accepts one in each.
 */
export class DelayBudget {
  readonly #maxDelayMs: number;
  #delayMs: number;
  #lateSinceMs: number | undefined;
  #roundMs = Infinity;
  #firstAtMs: number | undefined;
  #hasRefused = false;

  constructor(maxDelayMs: number) {
    this.#maxDelayMs = maxDelayMs;
    this.#delayMs = maxDelayMs;
  }

  /** Whether this round takes one more. The first of each passes: however late everything is, somebody is served. */
  allows(delayMs: number, nowMs: number): boolean {
    if (this.#firstAtMs === undefined) return true;
    if (delayMs <= this.#delayMs && nowMs - this.#firstAtMs <= this.#roundMs) return true;
    this.#hasRefused = true;
    return false;
  }

  /** One was taken. */
  use(nowMs: number): void {
    this.#firstAtMs ??= nowMs;
  }

  /** A round of the loop has ended, so late. */
  onRound(delayMs: number, nowMs: number): void {
    if (delayMs <= this.#maxDelayMs / 20 && !this.#hasRefused) this.#lateSinceMs = undefined;
    else this.#lateSinceMs ??= nowMs;
    const isStanding = this.#lateSinceMs !== undefined && nowMs - this.#lateSinceMs >= this.#maxDelayMs;
    this.#delayMs = Math.max(this.#maxDelayMs / 2, this.#maxDelayMs - delayMs);
    this.#roundMs = isStanding ? this.#maxDelayMs / 10 : Infinity;
    this.#firstAtMs = undefined;
    this.#hasRefused = false;
  }
}
