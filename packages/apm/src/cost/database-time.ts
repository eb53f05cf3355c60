import { describeValue } from '@unite/shared';

const nanosPerSecond = 1_000_000_000n;
/** Longer ones, a hundred days, are a mistake of units. */
const mostSeconds = 8_640_000;

/** Prices the time of a database, to the nanosecond: what is less than a billionth of a dollar is carried over. */
export class DatabaseTime {
  readonly #secondNanoUsd: bigint;
  /** In billionths of a billionth of a dollar. */
  #rest = 0n;

  constructor(secondNanoUsd: bigint) {
    this.#secondNanoUsd = secondNanoUsd;
  }

  /** @throws TypeError for what is no duration */
  costOf(seconds: number): bigint {
    if (!(typeof seconds === 'number' && seconds >= 0 && seconds <= mostSeconds)) {
      throw new TypeError(
        `a database's time must be seconds from 0 to 8,640,000, got ${describeValue(seconds)}`,
      );
    }
    const owed = BigInt(Math.round(seconds * 1e9)) * this.#secondNanoUsd + this.#rest;
    this.#rest = owed % nanosPerSecond;
    return owed / nanosPerSecond;
  }
}
