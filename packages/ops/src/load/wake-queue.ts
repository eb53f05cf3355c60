/** What can be woken. */
export interface Sleeper {
  readonly wakeAtMs: number;
}

/** Sleepers by when they wake: a binary heap, so that one timer does for all. */
export class WakeQueue<T extends Sleeper> {
  readonly #heap: T[] = [];

  /** When the next wakes; `Infinity` while nobody sleeps. */
  get nextAtMs(): number {
    return this.#heap[0]?.wakeAtMs ?? Infinity;
  }

  push(sleeper: T): void {
    let at = this.#heap.length;
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = this.#heap[parentAt];
      if (!parent || parent.wakeAtMs <= sleeper.wakeAtMs) break;
      this.#heap[at] = parent;
      at = parentAt;
    }
    this.#heap[at] = sleeper;
  }

  /** Takes the next one, when it is time. */
  popBy(nowMs: number): T | undefined {
    const first = this.#heap[0];
    if (!first || first.wakeAtMs > nowMs) return undefined;
    const last = this.#heap.pop();
    if (last && last !== first) this.#sink(last);
    return first;
  }

  #sink(sleeper: T): void {
    const heap = this.#heap;
    let at = 0;
    let child = this.#earlierChildOf(at);
    while (child !== undefined && (heap[child]?.wakeAtMs ?? Infinity) < sleeper.wakeAtMs) {
      heap[at] = heap[child] as T;
      at = child;
      child = this.#earlierChildOf(at);
    }
    heap[at] = sleeper;
  }

  #earlierChildOf(at: number): number | undefined {
    const left = this.#heap[2 * at + 1];
    const right = this.#heap[2 * at + 2];
    if (!left) return undefined;
    return right && right.wakeAtMs < left.wakeAtMs ? 2 * at + 2 : 2 * at + 1;
  }
}
