import type { Random } from './random';

/**
 * When the requests of one user are due. The first is due when the user comes, and opens the connection; those after it
 * are due whatever becomes of it. Without think time the next is due when the last one has ended.
 */
export class UserSchedule {
  readonly #thinkMs: readonly [number, number];
  readonly #random: Random;
  #dueAtMs: number;
  #count = 1;

  constructor(arrivesAtMs: number, thinkMs: readonly [number, number], random: Random) {
    this.#dueAtMs = arrivesAtMs;
    this.#thinkMs = thinkMs;
    this.#random = random;
  }

  get dueAtMs(): number {
    return this.#dueAtMs;
  }

  /** Which of the user's requests is due, from 1. */
  get count(): number {
    return this.#count;
  }

  /** Goes on to the next request. */
  next(endedAtMs: number): void {
    this.#dueAtMs = isClosedLoop(this.#thinkMs) ? endedAtMs : this.#dueAtMs + this.#gapMs(this.#random);
    this.#count += 1;
  }

  /** How many requests after this one are due by then. */
  dueAfterThisBy(atMs: number): number {
    if (isClosedLoop(this.#thinkMs)) return 0;
    const random = this.#random.copy();
    let count = 0;
    let dueAtMs = this.#dueAtMs + this.#gapMs(random);
    while (dueAtMs <= atMs) {
      count += 1;
      dueAtMs += betweenMs(this.#thinkMs, random.next());
    }
    return count;
  }

  #gapMs(random: Random): number {
    return this.#count === 1
      ? restOfThinkMs(this.#thinkMs, random.next(), random.next())
      : betweenMs(this.#thinkMs, random.next());
  }
}

/** Whether users send again as soon as they are answered. */
export function isClosedLoop([, mostMs]: readonly [number, number]): boolean {
  return mostMs === 0;
}

function betweenMs([leastMs, mostMs]: readonly [number, number], chance: number): number {
  return leastMs + (mostMs - leastMs) * chance;
}

/**
 * The time to the next request for who comes at any moment: a part of a think time, of which the long ones are met more
 * often (Cox, Renewal Theory, §5.2). So the rate is even from the beginning, where whole think times would let all come
 * in waves.
 */
function restOfThinkMs([leastMs, mostMs]: readonly [number, number], which: number, part: number): number {
  return Math.sqrt(leastMs ** 2 + which * (mostMs ** 2 - leastMs ** 2)) * part;
}
