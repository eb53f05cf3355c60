import type { Clock } from '@unite/core';

/** A place in the log that a replica must have reached. */
export interface Position {
  readonly timeline: number;
  readonly lsn: bigint;
}

interface Waiting {
  readonly position: Position;
  readonly answer: (hasReached: boolean) => void;
}

const firstPauseMs = 1;
const longestPauseMs = 10;

/**
 * How far a replica has replayed, as far as is known here. Replay only goes forward while the server runs, so
 * what was once reached needs no question; the rest is asked by one loop for all who wait.
 */
export class ReplayPosition {
  readonly #clock: Clock;
  readonly #look: () => Promise<unknown>;
  readonly #waiting = new Set<Waiting>();
  #known: Position | undefined;
  #startedAt: string | undefined;
  #isLooking = false;

  /** @param look asks the replica; what it says arrives by {@link learn} */
  constructor(clock: Clock, look: () => Promise<unknown>) {
    this.#clock = clock;
    this.#look = look;
  }

  /** @param startedAt of the server: after a restart it may be further back than before */
  learn(position: Position, startedAt: string): void {
    const isOlder =
      this.#known &&
      startedAt === this.#startedAt &&
      position.timeline === this.#known.timeline &&
      position.lsn < this.#known.lsn;
    // Two answers can overtake each other.
    if (isOlder) return;
    this.#known = position;
    this.#startedAt = startedAt;
    for (const waiting of this.#waiting) if (this.has(waiting.position)) this.#answer(waiting, true);
  }

  /** Nothing is known of a server that went away. */
  forget(): void {
    this.#known = undefined;
    this.#startedAt = undefined;
  }

  has({ timeline, lsn }: Position): boolean {
    return this.#known !== undefined && this.#known.timeline === timeline && this.#known.lsn >= lsn;
  }

  /**
   * Asks the replica until it is there.
   *
   * @param answer called once, also before this returns; with `false` where the replica is gone
   * @returns ends the asking, where nobody else waits
   */
  ask(position: Position, answer: (hasReached: boolean) => void): () => void {
    if (this.has(position)) {
      answer(true);
      return () => undefined;
    }
    const waiting: Waiting = { position, answer };
    this.#waiting.add(waiting);
    if (!this.#isLooking) void this.#lookUntilReached();
    return () => this.#waiting.delete(waiting);
  }

  async #lookUntilReached(): Promise<void> {
    this.#isLooking = true;
    let pauseMs = firstPauseMs;
    while (this.#waiting.size > 0) {
      const isUp = await this.#look().then(
        () => true,
        () => false,
      );
      if (!isUp) for (const waiting of this.#waiting) this.#answer(waiting, false);
      if (this.#waiting.size === 0) break;
      await this.#clock.sleep(pauseMs);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    }
    this.#isLooking = false;
  }

  #answer(waiting: Waiting, hasReached: boolean): void {
    this.#waiting.delete(waiting);
    waiting.answer(hasReached);
  }
}
