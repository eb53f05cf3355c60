import type { Clock } from '@unite/core';
import type { OpsError } from '../errors';

/** When requests are refused. */
export interface SheddingOptions {
  /**
   * A request that is served waits for the event loop for about this long at most, each time that it does, in
   * milliseconds. From 20; below, the timer's own inaccuracy counts.
   *
   * @default 100
   */
  readonly maxDelayMs?: number | undefined;
  /** Requests that may be under way at once, at most. @default 10_000 */
  readonly maxInFlight?: number | undefined;
  /**
   * From the first request, the time in which the process warms up, in milliseconds: its lateness counts for a fifth
   * at first, and in full at the end. 0 for none.
   *
   * @default 10_000
   */
  readonly warmUpMs?: number | undefined;
  /** What a refused client is told to wait, ±50 %, in milliseconds; said in whole seconds. @default 2_000 */
  readonly retryAfterMs?: number | undefined;
}

/** What a shedder is made with. */
export interface ShedderOptions extends SheddingOptions {
  /** Its waits must not keep the process alive. @default the machine's */
  readonly clock?: Clock | undefined;
  /** Random numbers in [0, 1). @default Math.random */
  readonly random?: (() => number) | undefined;
}

/** Whether one request may be served. */
export type Admission =
  | {
      readonly admitted: true;
      /** It has ended, well or badly. Once; more calls do nothing. */
      release(): void;
    }
  | {
      readonly admitted: false;
      /** `UNITE_OPS_OVERLOADED` or `UNITE_OPS_GROUP_DOWN`: what the client is told. */
      readonly error: OpsError;
    };

/** How it stands. */
export interface SheddingStatus {
  /** How late the event loop is now, in milliseconds. */
  readonly delayMs: number;
  readonly inFlight: number;
  /** Requests that may be under way at once, now: fewer than `maxInFlight` while they make the event loop late. */
  readonly limit: number;
  readonly admitted: number;
  readonly refused: number;
}

/** Decides by the event loop's delay. Starts its timer with the first request, and needs none while idle. */
export interface LoadShedder {
  /** Asked when a request begins, before anything is done for it. Never waits. */
  admit(): Admission;
  status(): SheddingStatus;
  /** Ends the timer. What comes later is refused by `maxInFlight` alone. */
  close(): void;
}
