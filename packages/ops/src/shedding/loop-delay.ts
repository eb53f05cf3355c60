import type { Clock } from '@unite/core';

/** Without requests for this long, nothing is watched, in milliseconds. */
const idleMs = 1_000;

/**
 * How late the event loop is. A timer that falls due every few milliseconds tells when this round of the loop should
 * have ended, so that it is known within the round already how late it is, however many requests were read in it.
 */
export class LoopDelay {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #onRound: (delayMs: number, nowMs: number) => void;
  #watch: AbortController | undefined;
  #isClosed = false;
  #dueAtMs = 0;
  #neededAtMs = 0;

  /**
   * @param intervalMs of the timer: what is shorter is not seen
   * @param onRound hears how late the round was that has just ended
   */
  constructor(clock: Clock, intervalMs: number, onRound: (delayMs: number, nowMs: number) => void) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#onRound = onRound;
  }

  get isWatched(): boolean {
    return this.#watch !== undefined;
  }

  /** Of this round until now, in milliseconds; 0 while nothing is watched, so that idle time is never a delay. */
  delayMs(nowMs: number): number {
    return this.#watch ? Math.max(0, nowMs - this.#dueAtMs) : 0;
  }

  /** There is a request. */
  need(nowMs: number): void {
    this.#neededAtMs = nowMs;
    if (!this.#watch && !this.#isClosed) void this.#run(nowMs);
  }

  close(): void {
    this.#isClosed = true;
    this.#watch?.abort();
    this.#watch = undefined;
  }

  async #run(startMs: number): Promise<void> {
    const watch = new AbortController();
    this.#watch = watch;
    this.#dueAtMs = startMs + this.#intervalMs;
    while (await this.#hasSlept(watch.signal)) {
      const nowMs = this.#clock.monotonicMs();
      this.#onRound(this.delayMs(nowMs), nowMs);
      if (nowMs - this.#neededAtMs >= idleMs) break;
      this.#dueAtMs = nowMs + this.#intervalMs;
    }
    this.#watch = undefined;
  }

  /** False when closed. A clock that fails ends the watch too: the next request begins it anew. */
  async #hasSlept(signal: AbortSignal): Promise<boolean> {
    try {
      await this.#clock.sleep(this.#intervalMs, signal);
      return true;
    } catch {
      return false;
    }
  }
}
