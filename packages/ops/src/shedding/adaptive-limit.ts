/** The limit is looked at once in this time, in milliseconds: a change needs some rounds of the loop to be seen. */
const windowMs = 100;
/**
 * Aims at so much of the longest delay, which leaves room for the rounds that turn out longer. Lower costs throughput:
 * what is under way may all be waiting, and then nothing computes.
 */
const aim = 0.6;
/** One late window may be a pause that is over: then no less than half, and nothing where fewer were under way. */
const pauseFactor = 0.5;
const pauseLeast = 10;
const leastGrowth = 1.1;
const mostGrowth = 2;
/** On time for so long, in milliseconds, what was learned before is over. */
const calmMs = 1_000;

/** What was seen in one window. */
interface Window {
  longestDelayMs: number;
  /** Most that were under way at once. */
  peak: number;
}

/**
 * How many requests may be under way, by how late the event loop was: handlers that wait first and compute then are all
 * let in while it is still on time, and what they cost comes later. By Little's law the delay grows with what is under
 * way, so the limit follows it in proportion: less where a window's longest delay is above the aim, more where it is
 * below and the limit was reached. Where the loop has been on time for a second, busy or idle, there is no limit but the
 * most.
 */
export class AdaptiveLimit {
  readonly #most: number;
  readonly #aimMs: number;
  #current: number;
  #sinceMs = 0;
  #lateAtMs = Infinity;
  #window: Window = { longestDelayMs: 0, peak: 0 };
  #last: Window = { longestDelayMs: 0, peak: 0 };

  /** Begins with `most`. */
  constructor(most: number, maxDelayMs: number) {
    this.#most = most;
    this.#aimMs = maxDelayMs * aim;
    this.#current = most;
  }

  /** @param onTimeAtMs when the loop was last on time: now, less what this round is late */
  current(onTimeAtMs: number): number {
    if (onTimeAtMs - this.#lateAtMs >= calmMs) this.#relax();
    return this.#current;
  }

  /** So many are under way. */
  reach(count: number): void {
    if (count > this.#window.peak) this.#window.peak = count;
  }

  /** A round of the loop has ended, so late. */
  onRound(delayMs: number, nowMs: number): void {
    const window = this.#window;
    window.longestDelayMs = Math.max(window.longestDelayMs, delayMs);
    if (nowMs - this.#sinceMs < windowMs) return;
    if (window.longestDelayMs > this.#aimMs) {
      this.#lateAtMs = nowMs;
      this.#shrink(window, this.#last);
    } else if (window.peak >= this.#current) {
      this.#grow(window);
    }
    this.#last = window;
    this.#window = { longestDelayMs: 0, peak: 0 };
    this.#sinceMs = nowMs;
  }

  #shrink(window: Window, last: Window): void {
    // Of both windows: what is late now was admitted before. The same cause twice gives the same limit.
    const peak = Math.max(window.peak, last.peak);
    const isPause = last.longestDelayMs <= this.#aimMs;
    // One alone is late by its own computing: how many there may be is not learned from it.
    if (peak <= 1 || (isPause && peak < pauseLeast)) return;
    const factor = this.#aimMs / window.longestDelayMs;
    const less = isPause ? Math.max(peak * Math.max(factor, pauseFactor), pauseLeast) : peak * factor;
    this.#current = Math.max(1, Math.min(this.#current, Math.floor(less)));
  }

  #grow(window: Window): void {
    const factor = this.#aimMs / window.longestDelayMs;
    const more = this.#current * Math.min(Math.max(factor, leastGrowth), mostGrowth);
    this.#current = Math.min(this.#most, Math.ceil(more));
  }

  #relax(): void {
    this.#current = this.#most;
    this.#lateAtMs = Infinity;
    // Nothing is watched while idle, so the window before may be the one that was late.
    this.#last = { longestDelayMs: 0, peak: 0 };
  }
}
