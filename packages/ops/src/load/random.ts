/** Numbers from 0 to 1 that a seed repeats: Mulberry32, 32 bits of state. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    return mix(this.#state) / 2 ** 32;
  }

  /** One that will say the same. */
  copy(): Random {
    return new Random(this.#state);
  }
}

/** A seed for each user, so that what a user does is the same whatever the others take. */
export function seedOf(seed: number, user: number): number {
  return mix((mix(seed | 0) + user) | 0);
}

function mix(value: number): number {
  const once = Math.imul(value ^ (value >>> 15), value | 1);
  const twice = once ^ (once + Math.imul(once ^ (once >>> 7), once | 61));
  return (twice ^ (twice >>> 14)) >>> 0;
}
