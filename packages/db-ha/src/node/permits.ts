import { DatabaseError } from '../errors';
import type { Operation } from '../operation';

interface Waiting {
  readonly grant: () => void;
}

/**
 * The right to use one of a pool's connections, in the order of asking. The driver's own queue would count
 * waiting for a free connection as failing to open one, and has no bound.
 */
export class Permits {
  readonly max: number;
  readonly #maxWaiting: number;
  readonly #what: string;
  #used = 0;
  readonly #waiting = new Set<Waiting>();

  constructor(max: number, maxWaiting: number, what: string) {
    this.max = max;
    this.#maxWaiting = maxWaiting;
    this.#what = what;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** @throws DatabaseError `UNITE_DB_QUEUE_FULL`; Interrupted */
  acquire(operation: Operation): Promise<void> | undefined {
    if (this.#used < this.max) {
      this.#used += 1;
      return undefined;
    }
    if (this.#waiting.size >= this.#maxWaiting) {
      throw new DatabaseError(
        'UNITE_DB_QUEUE_FULL',
        `${this.#waiting.size} callers wait for one of ${this.max} connections of ${this.#what}`,
      );
    }
    return this.#wait(operation);
  }

  release(): void {
    const [next] = this.#waiting;
    if (next) {
      this.#waiting.delete(next);
      next.grant();
    } else {
      this.#used -= 1;
    }
  }

  async #wait(operation: Operation): Promise<void> {
    let waiting: Waiting | undefined;
    const granted = new Promise<void>((resolve) => {
      waiting = { grant: resolve };
      this.#waiting.add(waiting);
    });
    try {
      await operation.race(granted);
    } catch (error) {
      // Granted in the same turn as it was interrupted: the permit goes to the next one.
      if (waiting && !this.#waiting.delete(waiting)) this.release();
      throw error;
    }
  }
}
