import { performance } from 'node:perf_hooks';
import { type GeneratorHealth, GeneratorWatch } from './generator-watch';
import { type Connection, type ConnectionListener, HttpConnection } from './http-connection';
import { LoadBook } from './load-book';
import type { LoadPlan } from './load-plan';
import type { Stall } from './load-types';
import type { PreparedRequest } from './prepared-request';
import { Random, seedOf } from './random';
import { StallLog } from './stall-log';
import { UserSchedule } from './user-schedule';
import { type UserHost, VirtualUser } from './virtual-user';
import { WakeQueue } from './wake-queue';

/** What was measured. */
export interface Measured {
  readonly book: LoadBook;
  readonly stalls: readonly Stall[];
  readonly health: GeneratorHealth;
  /** Less than was asked for when the run was ended early. */
  readonly durationMs: number;
  /** In the measured time, whenever their requests were due. */
  readonly answers: number;
}

/**
 * One run: users come, the measured time goes by, and what is under way then gets its time to end.
 *
 * One timer wakes whoever is next. Time limits are looked after for all together, since most requests end long before.
 */
export class LoadRun implements UserHost {
  readonly startAtMs: number;
  readonly endAtMs: number;
  readonly timeoutMs: number;
  readonly requests: readonly PreparedRequest[];
  readonly book: LoadBook;
  readonly #plan: LoadPlan;
  readonly #queue = new WakeQueue<VirtualUser>();
  readonly #watch: GeneratorWatch;
  readonly #stallLog: StallLog;
  readonly #users: readonly VirtualUser[];
  readonly #timers: NodeJS.Timeout[] = [];
  #wakeTimer: NodeJS.Timeout | undefined;
  #timerAtMs = Infinity;
  #activeUsers: number;
  #measuredMs = 0;
  #answers = 0;
  #phase: 'ramp' | 'measured' | 'drain' | 'over' = 'ramp';
  #resolve: () => void = () => {};
  #reject: (error: unknown) => void = () => {};

  constructor(plan: LoadPlan) {
    const nowMs = this.nowMs();
    this.#plan = plan;
    this.startAtMs = nowMs + plan.rampMs;
    this.endAtMs = this.startAtMs + plan.durationMs;
    this.timeoutMs = plan.timeoutMs;
    this.requests = plan.requests;
    this.#stallLog = new StallLog(this.startAtMs, this.endAtMs, (atMs) => this.#waitingAt(atMs));
    this.book = new LoadBook(plan, this.#stallLog);
    this.#watch = new GeneratorWatch(plan.durationMs + plan.timeoutMs);
    this.#activeUsers = plan.users;
    this.#users = Array.from({ length: plan.users }, (_, at) => this.#newUser(at, nowMs));
  }

  /** Ends when all is answered or given up, or with the plan's signal. */
  async measure(): Promise<Measured> {
    const { rampMs, durationMs, timeoutMs, signal, onProgress } = this.#plan;
    const abort = () => this.#finish();
    await new Promise<void>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      signal?.addEventListener('abort', abort, { once: true });
      for (const user of this.#users) this.onFree(user);
      this.#timers.push(
        setTimeout(() => this.#begin(), rampMs),
        setTimeout(() => this.#drain(), rampMs + durationMs),
        setTimeout(() => this.#giveUp(), rampMs + durationMs + timeoutMs),
        setInterval(() => this.#timeOut(), Math.min(250, Math.max(10, timeoutMs / 10))),
      );
      if (onProgress) this.#timers.push(setInterval(() => this.#tell(onProgress), 1_000));
      if (signal?.aborted) abort();
    }).finally(() => signal?.removeEventListener('abort', abort));
    return {
      book: this.book,
      stalls: this.#stallLog.stalls,
      health: this.#watch.health,
      durationMs: this.#measuredMs,
      answers: this.#answers,
    };
  }

  nowMs(): number {
    return performance.now();
  }

  connect(listener: ConnectionListener): Connection {
    return new HttpConnection(this.#plan.target.origin, listener);
  }

  onFree(user: VirtualUser): void {
    if (this.#phase === 'over') return;
    if (user.isDone) {
      this.#activeUsers -= 1;
      this.#finishWhenDone();
    } else if (user.wakeAtMs <= this.nowMs()) {
      user.wake();
    } else {
      this.#queue.push(user);
      this.#arm();
    }
  }

  onDelay(delayMs: number): void {
    this.#watch.record(delayMs);
  }

  #newUser(at: number, nowMs: number): VirtualUser {
    const { users, rampMs, thinkMs, seed } = this.#plan;
    const arrivesAtMs = nowMs + (rampMs * at) / users;
    // Two streams, so that what a user asks does not depend on how often it was asked when.
    const schedule = new UserSchedule(arrivesAtMs, thinkMs, new Random(seedOf(seed, 2 * at)));
    return new VirtualUser(this, at + 1, schedule, new Random(seedOf(seed, 2 * at + 1)));
  }

  #arm(): void {
    const { nextAtMs } = this.#queue;
    if (nextAtMs >= this.#timerAtMs) return;
    clearTimeout(this.#wakeTimer);
    this.#timerAtMs = nextAtMs;
    this.#wakeTimer = setTimeout(() => this.#wake(), Math.ceil(nextAtMs - this.nowMs()));
  }

  #wake(): void {
    this.#timerAtMs = Infinity;
    let user = this.#queue.popBy(this.nowMs());
    while (user) {
      user.wake();
      user = this.#queue.popBy(this.nowMs());
    }
    this.#arm();
  }

  #begin(): void {
    this.#phase = 'measured';
    this.#watch.start();
    this.#answers = -this.book.answers;
  }

  #drain(): void {
    this.#endMeasuring();
    this.#phase = 'drain';
    this.#finishWhenDone();
  }

  #endMeasuring(): void {
    if (this.#phase !== 'measured') return;
    this.#watch.stop();
    this.#answers += this.book.answers;
    this.#measuredMs = Math.min(this.nowMs() - this.startAtMs, this.#plan.durationMs);
  }

  #finishWhenDone(): void {
    if (this.#phase === 'drain' && this.#activeUsers === 0) this.#finish();
  }

  #giveUp(): void {
    const nowMs = this.nowMs();
    // As long as it is known how many wait.
    this.#stallLog.close(nowMs);
    for (const user of this.#users) user.giveUp(nowMs);
    this.#finish();
  }

  #finish(): void {
    if (this.#phase === 'over') return;
    this.#endMeasuring();
    if (this.#phase !== 'ramp') this.#stallLog.close(this.nowMs());
    this.#phase = 'over';
    clearTimeout(this.#wakeTimer);
    for (const timer of this.#timers) clearTimeout(timer);
    for (const user of this.#users) user.close();
    this.#resolve();
  }

  #timeOut(): void {
    const nowMs = this.nowMs();
    for (const user of this.#users) user.timeOut(nowMs);
  }

  #waitingAt(nowMs: number): number {
    return this.#users.reduce((sum, user) => sum + user.waitingAt(nowMs), 0);
  }

  #tell(onProgress: NonNullable<LoadPlan['onProgress']>): void {
    const nowMs = this.nowMs();
    const { answers, p95Ms } = this.book.takeLastSecond();
    const { users, rampMs } = this.#plan;
    const arrived = rampMs === 0 ? users : Math.ceil(users * (1 - (this.startAtMs - nowMs) / rampMs));
    try {
      onProgress({
        elapsedMs: Math.max(0, nowMs - this.startAtMs),
        users: Math.min(users, arrived),
        requestsPerSecond: answers,
        p95Ms,
        errors: this.book.errors,
      });
    } catch (error) {
      this.#reject(error);
      this.#finish();
    }
  }
}
