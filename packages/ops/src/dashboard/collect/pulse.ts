import type { PulseSecond } from '../screen-types';
import { LatencyHistogram } from './latency-histogram';

/** How many seconds are kept: five minutes. */
export const pulseSeconds = 300;

/** What is counted in each second. */
export type PulseCount = Exclude<keyof PulseSecond, 'atMs' | 'p50Ms' | 'p95Ms'>;

type Second = Record<PulseCount, number> & { second: number; readonly times: LatencyHistogram };

/** The last five minutes, one second each, in memory that was taken once. */
export class Pulse {
  readonly #nowMs: () => number;
  readonly #ring: Second[] = Array.from({ length: pulseSeconds }, () => ({
    ...nothing(),
    second: -1,
    times: new LatencyHistogram(),
  }));

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  count(name: PulseCount, amount = 1): void {
    this.#current()[name] += amount;
  }

  /** @param bucket of its time */
  request(isError: boolean, isRefused: boolean, bucket: number): void {
    const current = this.#current();
    current.requests += 1;
    if (isError) current.errors += 1;
    if (isRefused) current.refused += 1;
    current.times.record(bucket);
  }

  /** The last seconds that are over, the oldest first. A second in which nothing happened is one, too. */
  seconds(limit = pulseSeconds): PulseSecond[] {
    const now = this.#second();
    return Array.from({ length: limit }, (_, index) => this.#read(now - limit + index));
  }

  /** What was counted in the last seconds that are over. */
  total(name: PulseCount, limit: number): number {
    const now = this.#second();
    return this.#ring.reduce(
      (sum, slot) => (slot.second >= now - limit && slot.second < now ? sum + slot[name] : sum),
      0,
    );
  }

  #read(second: number): PulseSecond {
    const slot = this.#slot(second);
    const isThere = slot.second === second;
    const { second: _second, times, ...counts } = isThere ? slot : { ...slot, ...nothing() };
    return {
      atMs: second * 1_000,
      ...counts,
      p50Ms: isThere ? times.quantileMs(0.5) : null,
      p95Ms: isThere ? times.quantileMs(0.95) : null,
    };
  }

  #current(): Second {
    const second = this.#second();
    const slot = this.#slot(second);
    if (slot.second !== second) {
      Object.assign(slot, nothing(), { second });
      slot.times.clear();
    }
    return slot;
  }

  #second(): number {
    return Math.floor(this.#nowMs() / 1_000);
  }

  #slot(second: number): Second {
    return this.#ring[((second % pulseSeconds) + pulseSeconds) % pulseSeconds] as Second;
  }
}

function nothing(): Record<PulseCount, number> {
  return {
    requests: 0,
    errors: 0,
    refused: 0,
    cacheReads: 0,
    cacheHits: 0,
    replicaReads: 0,
    primaryReads: 0,
    writes: 0,
  };
}
