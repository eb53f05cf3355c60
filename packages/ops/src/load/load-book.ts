import { Latencies } from './latencies';
import type { LoadPlan } from './load-plan';
import type { RequestsReport } from './load-types';
import type { StallLog } from './stall-log';

const mostOutcomes = 50;

interface Kind {
  readonly name: string;
  readonly isExpected: (status: number) => boolean;
  readonly latencies: Latencies;
  requests: number;
  errors: number;
}

/** What is known of a request when it ends. */
export interface Ended {
  /** Which kind of request, by its place in the plan. */
  readonly kind: number;
  /** Whether it was due in the measured time. */
  readonly isCounted: boolean;
  /** From when it was due. */
  readonly latencyMs: number;
  /** From when it was sent; absent when it never was. */
  readonly serviceMs: number | undefined;
}

/** Counts what becomes of requests. Of a single request it keeps nothing. */
export class LoadBook {
  readonly #stallLog: StallLog;
  readonly #kinds: readonly Kind[];
  readonly #mostMs: number;
  readonly #service: Latencies;
  readonly #lastSecond: Latencies;
  readonly #outcomes = new Map<string, number>();
  #underWay = 0;
  #answers = 0;
  #bytes = 0;

  constructor(plan: LoadPlan, stallLog: StallLog) {
    this.#stallLog = stallLog;
    this.#mostMs = plan.durationMs + 2 * plan.timeoutMs;
    this.#service = new Latencies(this.#mostMs);
    this.#lastSecond = new Latencies(this.#mostMs);
    this.#kinds = plan.requests.map(({ name, isExpected }) => ({
      name,
      isExpected,
      latencies: new Latencies(this.#mostMs),
      requests: 0,
      errors: 0,
    }));
  }

  get byRequest(): readonly RequestsReport[] {
    return this.#kinds.map(({ name, requests, errors, latencies }) => ({
      name,
      requests,
      errors,
      latency: latencies.summary(),
    }));
  }

  get total(): RequestsReport {
    const all = new Latencies(this.#mostMs);
    for (const { latencies } of this.#kinds) all.add(latencies);
    const requests = this.#kinds.reduce((sum, kind) => sum + kind.requests, 0);
    return { name: 'total', requests, errors: this.errors, latency: all.summary() };
  }

  get errors(): number {
    return this.#kinds.reduce((sum, kind) => sum + kind.errors, 0);
  }

  get service(): Latencies {
    return this.#service;
  }

  get outcomes(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#outcomes].sort(([, one], [, other]) => other - one));
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** From the first user on, whenever their requests were due. */
  get answers(): number {
    return this.#answers;
  }

  /** Answers since the last call, and how long they took. */
  takeLastSecond(): { readonly answers: number; readonly p95Ms: number } {
    const last = { answers: this.#lastSecond.count, p95Ms: this.#lastSecond.percentileMs(95) };
    this.#lastSecond.clear();
    return last;
  }

  sent(nowMs: number): void {
    this.#underWay += 1;
    this.#stallLog.sent(nowMs);
  }

  answered(ended: Ended, status: number, bytes: number, nowMs: number): void {
    this.#underWay -= 1;
    this.#answers += 1;
    this.#lastSecond.record(ended.latencyMs);
    this.#stallLog.answered(nowMs, this.#underWay === 0);
    if (ended.isCounted) this.#bytes += bytes;
    this.#count(ended, String(status), !this.#kinds[ended.kind]?.isExpected(status));
    this.#time(ended);
  }

  /** It broke. How soon says nothing, and would make the target look fast. */
  failed(ended: Ended, code: string): void {
    this.#underWay -= 1;
    this.#count(ended, code, true);
  }

  /** Nobody waits for it any longer. How long somebody did belongs to the latency, or the slowest would be left out. */
  timedOut(ended: Ended): void {
    if (ended.serviceMs !== undefined) this.#underWay -= 1;
    this.#count(ended, 'TIMEOUT', true);
    this.#time(ended);
  }

  #count({ kind, isCounted }: Ended, outcome: string, isError: boolean): void {
    const counts = this.#kinds[kind];
    if (!isCounted || !counts) return;
    counts.requests += 1;
    if (isError) counts.errors += 1;
    const isKept = this.#outcomes.has(outcome) || this.#outcomes.size < mostOutcomes - 1;
    const name = isKept ? outcome : 'other';
    this.#outcomes.set(name, (this.#outcomes.get(name) ?? 0) + 1);
  }

  #time({ kind, isCounted, latencyMs, serviceMs }: Ended): void {
    if (!isCounted) return;
    this.#kinds[kind]?.latencies.record(latencyMs);
    if (serviceMs !== undefined) this.#service.record(serviceMs);
  }
}
