import { Latencies } from '../load/latencies';
import type { ProbeFigures } from './probe-types';
import type { ProbeResult } from './prober';

/** A request that was due; without an outcome it is under way. */
interface Due {
  readonly atMs: number;
  isGood?: boolean;
}

const mostReasons = 20;

/** Why requests failed, with a bound: a server could answer a new reason every time. */
export class FailureCounts {
  readonly #counts = new Map<string, number>();

  add(reason: string): void {
    const isKnown = this.#counts.has(reason) || this.#counts.size < mostReasons - 1;
    const name = isKnown ? reason : 'other reasons';
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }
}

/** What is known of one URL. It keeps requests under way, and of the others the figures alone. */
export class ProbeLog {
  readonly #failures: FailureCounts;
  readonly #latencies: Latencies;
  readonly #timeoutMs: number;
  /** In the order in which they were due: answers may overtake each other, and an outage is told by the order. */
  readonly #due: Due[] = [];
  readonly #underWay = new Set<Promise<void>>();
  #asked = 0;
  #failed = 0;
  #missedTicks = 0;
  #downSinceMs: number | undefined;
  #longestOutageMs = 0;

  constructor(timeoutMs: number, failures: FailureCounts) {
    this.#timeoutMs = timeoutMs;
    this.#failures = failures;
    this.#latencies = new Latencies(2 * timeoutMs);
  }

  begin(atMs: number, asked: Promise<ProbeResult>): void {
    this.#asked += 1;
    const due: Due = { atMs };
    this.#due.push(due);
    const ended = asked
      .then((result) => this.#end(due, result))
      .then(() => void this.#underWay.delete(ended));
    this.#underWay.add(ended);
  }

  /** It was due, and could not be sent in time. */
  miss(atMs: number): void {
    this.#missedTicks += 1;
    this.begin(atMs, Promise.resolve({ failure: 'not sent in time', latencyMs: 0 }));
  }

  /** When nothing is under way any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  /** Adds the figures of another one. */
  add(other: ProbeLog, endMs: number): void {
    this.#asked += other.#asked;
    this.#failed += other.#failed;
    this.#missedTicks += other.#missedTicks;
    this.#latencies.add(other.#latencies);
    this.#longestOutageMs = Math.max(this.#longestOutageMs, other.figures(endMs).longestOutageMs);
  }

  figures(endMs: number): ProbeFigures {
    const openMs = this.#downSinceMs === undefined ? 0 : endMs - this.#downSinceMs;
    return {
      asked: this.#asked,
      failed: this.#failed,
      missedTicks: this.#missedTicks,
      availability: this.#asked === 0 ? 0 : 1 - this.#failed / this.#asked,
      longestOutageMs: Math.round(Math.max(this.#longestOutageMs, openMs)),
      latency: this.#latencies.summary(),
    };
  }

  #end(due: Due, { failure, latencyMs }: ProbeResult): void {
    due.isGood = failure === undefined;
    if (failure === undefined) {
      this.#latencies.record(Math.min(latencyMs, 2 * this.#timeoutMs));
    } else {
      this.#failed += 1;
      this.#failures.add(failure);
    }
    for (let first = this.#due[0]; first?.isGood !== undefined; first = this.#due[0]) {
      this.#due.shift();
      this.#follow(first.atMs, first.isGood);
    }
  }

  #follow(atMs: number, isGood: boolean): void {
    if (!isGood) {
      this.#downSinceMs ??= atMs;
    } else if (this.#downSinceMs !== undefined) {
      this.#longestOutageMs = Math.max(this.#longestOutageMs, atMs - this.#downSinceMs);
      this.#downSinceMs = undefined;
    }
  }
}
