import type { Clock } from '@unite/core';
import type { MetricKind } from '../metrics/metric-types';
import type { Account } from './account';
import { type EventText, eventLine } from './event-line';
import type { Packets } from './packets';
import type { Series } from './series';

/** Values that are sent before their time is up, so that no burst of packets overruns the agent's socket. */
const burst = 500;

/** How an outbox behaves. */
export interface OutboxOptions {
  readonly clock: Clock;
  readonly maxBytes: number;
  readonly maxQueued?: number | undefined;
  readonly flushIntervalMs?: number | undefined;
}

/**
 * What waits to be sent. Counters and gauges wait in their series, where they add up; values of histograms and events
 * are bounded. While the way to the agent is blocked, nothing is taken out.
 */
export class Outbox {
  readonly #packets: Packets;
  readonly #account: Account;
  readonly #clock: Clock;
  readonly #maxBytes: number;
  readonly #maxQueued: number;
  readonly #flushIntervalMs: number;
  readonly #waiting = new Set<Series>();
  #events: string[] = [];
  /** Values of histograms and events that wait. */
  #queued = 0;
  #timer: AbortController | undefined;

  constructor(
    packets: Packets,
    account: Account,
    { clock, maxBytes, maxQueued = 10_000, flushIntervalMs = 1_000 }: OutboxOptions,
  ) {
    this.#packets = packets;
    this.#account = account;
    this.#clock = clock;
    this.#maxBytes = maxBytes;
    this.#maxQueued = maxQueued;
    this.#flushIntervalMs = flushIntervalMs;
  }

  /** @param items 0 where the value is accounted for elsewhere */
  put(series: Series, value: number, kind: MetricKind, items = 1): void {
    if (kind === 'histogram' && !this.#hasRoom()) return;
    series.put(value, items);
    this.#waiting.add(series);
    this.#sendSoon();
  }

  event(event: EventText): void {
    if (!this.#hasRoom()) return;
    this.#events.push(eventLine(event, this.#maxBytes));
    this.#sendSoon();
  }

  /** Hands over what waits, as far as the way is free. Does not wait. */
  send(): void {
    this.#timer?.abort();
    this.#timer = undefined;
    this.#sendEvents();
    this.#sendSeries();
    this.#packets.send();
    if (!this.#isEmpty) this.#setTimer();
  }

  /** Hands over everything, and waits for what became of it. Never rejects. */
  async flush(timeoutMs: number): Promise<void> {
    const timeUp = new AbortController();
    let isTooLate = false;
    const patience = this.#clock.sleep(timeoutMs, timeUp.signal).then(
      () => {
        isTooLate = true;
      },
      () => undefined,
    );
    do {
      this.send();
      await Promise.race([this.#packets.idle(), patience]);
    } while (!isTooLate && !this.#isEmpty);
    timeUp.abort();
  }

  /** Nothing is sent any more. */
  abandon(): void {
    this.#timer?.abort();
    this.#packets.abandon();
    this.#waiting.clear();
    this.#events = [];
  }

  get #isEmpty(): boolean {
    return this.#waiting.size === 0 && this.#events.length === 0;
  }

  #hasRoom(): boolean {
    if (this.#queued >= this.#maxQueued) {
      this.#account.settle(1, 'queue-full');
      return false;
    }
    this.#queued += 1;
    return true;
  }

  #sendSoon(): void {
    if (this.#queued >= burst && !this.#packets.isBusy) this.send();
    else if (!this.#timer) this.#setTimer();
  }

  #setTimer(): void {
    const timer = new AbortController();
    this.#timer = timer;
    this.#clock.sleep(this.#flushIntervalMs, timer.signal).then(
      () => this.send(),
      () => undefined,
    );
  }

  #sendEvents(): void {
    let sent = 0;
    for (const line of this.#events) {
      if (this.#packets.isBusy) break;
      this.#packets.add(line, 1);
      sent += 1;
    }
    this.#events = this.#events.slice(sent);
    this.#queued -= sent;
  }

  #sendSeries(): void {
    for (const series of this.#waiting) {
      while (series.isWaiting) {
        if (this.#packets.isBusy) return;
        const { line, items, queued } = series.takeLine(this.#maxBytes);
        this.#queued -= queued;
        this.#packets.add(line, items);
      }
      this.#waiting.delete(series);
    }
  }
}
