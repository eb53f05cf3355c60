import type { LifecycleState } from '../types';

/** `degraded`: it serves, with something missing. */
export type HealthStatus = 'up' | 'degraded' | 'down';

/** What a check found. */
export interface CheckResult {
  /** @default the worst of `groups`, else 'up' */
  readonly status?: HealthStatus | undefined;
  /** In a few words, for whoever may see the health page: no addresses, no secrets. */
  readonly detail?: string | undefined;
  /**
   * For a check that knows several things, each of which matters to other routes: `{ ready: 'up', write: 'down' }`.
   *
   * @default its `group` alone, with `status`
   */
  readonly groups?: Readonly<Record<string, HealthStatus>> | undefined;
}

// biome-ignore lint/suspicious/noConfusingVoidType: a check that returns nothing is the usual one
type CheckAnswer = CheckResult | undefined | void;

/** Nothing returned is `up`; thrown is `down`. Never called again before it has ended. */
export type CheckFunction = (signal: AbortSignal) => CheckAnswer | Promise<CheckAnswer>;

/** A check with its own settings. */
export interface HealthCheck {
  readonly run: CheckFunction;
  /**
   * What it is for.
   * - `ready`: without it no request can be served.
   * - `degraded`: without it requests are served, only slower or with less.
   * - any other name: without it the routes fail that need this group: `write`.
   *
   * @default 'ready'
   */
  readonly group?: string | undefined;
  /** Longest time for an answer, in milliseconds; then it is `down`. Less than what a probe waits. @default 800 */
  readonly timeoutMs?: number | undefined;
  /** An answer is used for this long, in milliseconds, however many ask. @default 1_000 */
  readonly maxAgeMs?: number | undefined;
}

/** One check in a report. */
export interface CheckReport {
  readonly status: HealthStatus;
  readonly groups: Readonly<Record<string, HealthStatus>>;
  readonly detail?: string | undefined;
  /** Time since the answer, in milliseconds; absent before the first. */
  readonly ageMs?: number | undefined;
}

/** What the health pages say. */
export interface HealthReport {
  readonly state: LifecycleState;
  /** The worst of everything; never better than the state allows. */
  readonly status: HealthStatus;
  /**
   * Each group's status. `ready` is always there, and `down` unless the state is `ready`; no group is better than it.
   */
  readonly groups: Readonly<Record<string, HealthStatus>>;
  readonly checks: Readonly<Record<string, CheckReport>>;
}
