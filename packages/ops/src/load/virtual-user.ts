import type { Connection, ConnectionListener } from './http-connection';
import type { Ended, LoadBook } from './load-book';
import type { PreparedRequest } from './prepared-request';
import type { Random } from './random';
import type { UserSchedule } from './user-schedule';

/** What a run is for its users. */
export interface UserHost {
  readonly startAtMs: number;
  readonly endAtMs: number;
  readonly timeoutMs: number;
  readonly requests: readonly PreparedRequest[];
  readonly book: LoadBook;
  nowMs(): number;
  connect(listener: ConnectionListener): Connection;
  /** The user has nothing under way, and wants to be woken. */
  onFree(user: VirtualUser): void;
  /** A request was sent later than it was due, and nothing but the generator was in its way. */
  onDelay(delayMs: number): void;
}

/** How late a timer of Node may be on an idle machine, which is nobody's latency. */
const timerMs = 2;

/** Before somebody who sends at once tries again after a failure, so that who is refused does not spin. */
const pauseMs = 250;

/** One user: a schedule, a connection, and at most one request under way. */
export class VirtualUser implements ConnectionListener {
  readonly #host: UserHost;
  readonly #number: number;
  readonly #schedule: UserSchedule;
  readonly #choices: Random;
  #connection: Connection;
  #wakeAtMs: number;
  #kind: number;
  #countsFromMs = 0;
  #sentAtMs: number | undefined;

  /** @param number from 1, for `{user}` */
  constructor(host: UserHost, number: number, schedule: UserSchedule, choices: Random) {
    this.#host = host;
    this.#number = number;
    this.#schedule = schedule;
    this.#choices = choices;
    this.#connection = host.connect(this);
    this.#wakeAtMs = schedule.dueAtMs;
    this.#kind = chooseKind(host.requests, choices.next());
  }

  /** When it sends next, unless something is under way. */
  get wakeAtMs(): number {
    return this.#wakeAtMs;
  }

  /** Whether what is next belongs to the run. */
  get isDone(): boolean {
    return this.#schedule.dueAtMs >= this.#host.endAtMs;
  }

  /** Requests of the run that are due or under way. */
  waitingAt(nowMs: number): number {
    if (this.isDone || this.#schedule.dueAtMs > nowMs) return 0;
    return 1 + this.#schedule.dueAfterThisBy(Math.min(nowMs, this.#host.endAtMs));
  }

  /** Sends what is due. */
  wake(): void {
    const nowMs = this.#host.nowMs();
    const { dueAtMs, count } = this.#schedule;
    const wasFree = this.#wakeAtMs === dueAtMs;
    this.#countsFromMs = wasFree ? Math.min(nowMs, dueAtMs + timerMs) : dueAtMs;
    if (wasFree) this.#host.onDelay(nowMs - this.#countsFromMs);
    this.#sentAtMs = nowMs;
    this.#host.book.sent(nowMs);
    if (this.#connection.isSpent) this.#reconnect();
    const request = this.#host.requests[this.#kind];
    if (request) this.#connection.send(request.optionsFor(this.#number, count));
  }

  onAnswer(status: number, bytes: number): void {
    const nowMs = this.#host.nowMs();
    this.#host.book.answered(this.#endedAt(nowMs), status, bytes, nowMs);
    this.#goOn(nowMs, nowMs);
  }

  onFailure(code: string): void {
    const nowMs = this.#host.nowMs();
    this.#host.book.failed(this.#endedAt(nowMs), code);
    this.#goOn(nowMs, nowMs + pauseMs);
  }

  /** Gives up what has been under way for too long. */
  timeOut(nowMs: number): void {
    if (this.#sentAtMs === undefined || nowMs - this.#sentAtMs < this.#host.timeoutMs) return;
    this.#host.book.timedOut(this.#endedAt(nowMs));
    this.#reconnect();
    this.#goOn(nowMs, nowMs);
  }

  /** The run is over: what was due in it and has no answer will have none. */
  giveUp(nowMs: number): void {
    while (!this.isDone) {
      this.#host.book.timedOut(this.#endedAt(nowMs));
      this.#next(Infinity);
    }
  }

  close(): void {
    this.#connection.close();
  }

  #reconnect(): void {
    this.#connection.close();
    this.#connection = this.#host.connect(this);
  }

  /** @param endedAtMs what is next without think time is due then */
  #goOn(nowMs: number, endedAtMs: number): void {
    this.#next(endedAtMs);
    // What nobody could send for so long, nobody waits for.
    while (!this.isDone && nowMs - this.#schedule.dueAtMs > this.#host.timeoutMs) {
      this.#host.book.timedOut(this.#endedAt(nowMs));
      this.#next(endedAtMs);
    }
    this.#wakeAtMs = Math.max(this.#schedule.dueAtMs, nowMs);
    this.#host.onFree(this);
  }

  #next(endedAtMs: number): void {
    this.#sentAtMs = undefined;
    this.#schedule.next(endedAtMs);
    this.#countsFromMs = this.#schedule.dueAtMs;
    this.#kind = chooseKind(this.#host.requests, this.#choices.next());
  }

  #endedAt(nowMs: number): Ended {
    const { dueAtMs, count } = this.#schedule;
    const { startAtMs, endAtMs } = this.#host;
    return {
      kind: this.#kind,
      // The first one opens the connection.
      isCounted: count > 1 && dueAtMs >= startAtMs && dueAtMs < endAtMs,
      latencyMs: nowMs - this.#countsFromMs,
      serviceMs: this.#sentAtMs === undefined ? undefined : nowMs - this.#sentAtMs,
    };
  }
}

function chooseKind(requests: readonly PreparedRequest[], chance: number): number {
  let left = chance * requests.reduce((sum, { weight }) => sum + weight, 0);
  let kind = 0;
  for (const { weight } of requests) {
    if (left < weight) break;
    left -= weight;
    kind += 1;
  }
  // What is left of a sum of fractions may be more than nothing.
  return Math.min(kind, requests.length - 1);
}
