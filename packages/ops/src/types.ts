import type { Clock, Closable, CloseOptions } from '@unite/core';
import type { OpsError } from './errors';
import type { CheckFunction, HealthCheck, HealthReport } from './health/health-types';
import type { Admission, SheddingOptions, SheddingStatus } from './shedding/shedding-types';

/**
 * - `starting`: `onStart` has not come to its end.
 * - `ready`: serves.
 * - `draining`: gets no new work, and finishes what it has.
 * - `closed`: everything has ended.
 */
export type LifecycleState = 'starting' | 'ready' | 'draining' | 'closed';

/** How a process leaves. The times begin at the signal. */
export interface DrainOptions {
  /**
   * Keeps serving for this long after readiness began to fail, so that whatever sends requests has noticed. Longer
   * than its interval of checks times its threshold, in milliseconds.
   *
   * @default 2_000
   */
  readonly readinessGraceMs?: number | undefined;
  /**
   * After the grace, event streams have this long to end by themselves (`onDrain`), in milliseconds; then they are
   * ended. Their clients connect anew, elsewhere.
   *
   * @default 1_000
   */
  readonly streamsTimeoutMs?: number | undefined;
  /**
   * Of `timeoutMs`, what is kept for `onShutdown`, in milliseconds: requests that still run are cut off before.
   *
   * @default 5_000
   */
  readonly hooksTimeoutMs?: number | undefined;
  /** Everything, from the signal to the end, in milliseconds. Less than what the orchestrator waits. @default 25_000 */
  readonly timeoutMs?: number | undefined;
}

/** Options of `createLifecycle`. */
export interface LifecycleOptions {
  /** What health is made of, by name. A function that throws is a check that fails. */
  readonly checks?: Readonly<Record<string, HealthCheck | CheckFunction>> | undefined;
  readonly drain?: DrainOptions | undefined;
  /** Refuses requests while the event loop is late. @default nothing is refused */
  readonly shedding?: SheddingOptions | undefined;
  /** One after the other; until they are through, readiness says no. The signal aborts when the process is told to end. */
  readonly onStart?: readonly ((signal: AbortSignal) => unknown)[] | undefined;
  /** What holds responses open: event streams. Closed at once and together, after the grace. */
  readonly onDrain?: readonly Closable[] | undefined;
  /** Closed one after the other when all requests have ended: dependents first. */
  readonly onShutdown?: readonly Closable[] | undefined;
  readonly clock?: Clock | undefined;
  /** Random numbers in [0, 1). @default Math.random */
  readonly random?: (() => number) | undefined;
}

/** What a shutdown cut off. */
export interface CutOff {
  /** Requests without their whole answer. */
  readonly requests: number;
  /** Event streams, and upgraded connections, that did not end by themselves. */
  readonly streams: number;
}

/** A server, a queue's consumer: what takes work, and can be told to take no more. */
export interface WorkSource {
  /** Draining begins. Work is still taken: ask who sends it to go elsewhere, such as by `Connection: close`. */
  beginDrain(): void;
  /** Takes no new work. Resolves when what ran has ended, or when the signal aborts. Event streams do not count. */
  drain(signal: AbortSignal): Promise<void>;
  /** Ends event streams. @returns how many */
  endStreams(): number;
  /** Ends what still runs. @returns how many requests and streams */
  cutOff(): CutOff;
}

/** One hook of `onDrain` or `onShutdown`. */
export interface HookReport {
  /** Constructor's name and place: `Quota (1 of 4)`. */
  readonly name: string;
  readonly outcome: 'closed' | 'failed' | 'timed-out';
  readonly durationMs: number;
  /** What `close` resolved with. */
  readonly report?: unknown;
  readonly error?: unknown;
}

/** How a shutdown went. */
export interface ShutdownReport {
  /** Why it began: `SIGTERM`, or what `close` was given. */
  readonly reason: string;
  /** Nothing was cut off, and every hook has closed. */
  readonly clean: boolean;
  readonly durationMs: number;
  readonly lost: CutOff;
  readonly hooks: readonly HookReport[];
}

/** A process from its start to its end, and whether it may be sent requests meanwhile. */
export interface Lifecycle {
  readonly state: LifecycleState;
  /** Aborts when draining begins: for jobs that run on their own. Its reason is an `OpsError`. */
  readonly draining: AbortSignal;
  /**
   * Runs `onStart`; then the state is `ready`. Adapters call it. The same promise for every call.
   *
   * @throws OpsError `UNITE_OPS_START_FAILED`, `UNITE_OPS_START_ABORTED`
   */
  start(): Promise<void>;
  /**
   * Asks the checks whose last answer is too old, each within its own time. Those on which the group does not hang are
   * waited for 100 ms.
   *
   * @param group of which the answer is wanted: `report.groups[group]`. @default 'ready'
   */
  health(group?: string): Promise<HealthReport>;
  /** What is known now, without asking. */
  healthNow(): HealthReport;
  /** Whether one more request may be served. Never waits. What is admitted has to be released, once. */
  admit(): Admission;
  /**
   * Why a request that needs this group would fail; `undefined` while nothing is known against it. Never waits: goes
   * by the last answers, unless they are old, and asks for new ones.
   */
  missing(group: string): OpsError | undefined;
  readonly shedding: SheddingStatus;
  /** Something that takes work, to be drained. One added while draining is drained at once. */
  add(source: WorkSource): void;
  /** Fails readiness, waits, ends. The same promise for every call; never rejects. Does not exit the process. */
  close(options?: CloseOptions & { readonly reason?: string | undefined }): Promise<ShutdownReport>;
  [Symbol.asyncDispose](): Promise<void>;
}
