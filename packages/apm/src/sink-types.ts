import type { Clock, CloseOptions, Redact } from '@unite/core';
import type { ErrorEvent } from './capture/capture-types';
import type { MetricPoint } from './metrics/metric-types';

/** What runs: stands on every error and metric. */
export interface Service {
  /** Such as `crm`. */
  readonly name: string;
  /** A release, such as a git commit or a version. */
  readonly release?: string | undefined;
  /** Such as `production`. */
  readonly environment?: string | undefined;
  /** One roll-out of the release. */
  readonly deployment?: Deployment | undefined;
  /** One process of the service. @default a random UUID */
  readonly instanceId?: string | undefined;
}

/** One roll-out of a release. */
export interface Deployment {
  readonly id: string;
  readonly commit?: string | undefined;
  /** When it began, in milliseconds since the epoch. @default the start of the process */
  readonly atMs?: number | undefined;
  /** What it rolled out, where that is not the service's own release. */
  readonly release?: string | undefined;
}

/** What a person said. */
export interface FeedbackEvent {
  readonly message: string;
  /** Only with the person's consent. */
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  /** Of the error that it is about. */
  readonly eventId?: string | undefined;
  readonly url?: string | undefined;
}

/** What a sink is started with. */
export interface SinkHost {
  readonly service: Service;
  readonly clock: Clock;
  /** The redactor of the set-up: every text of an event has been through it already. */
  readonly redact: Redact;
  /** Where a sink may keep what it could not send before the process ended; `undefined` where nothing may be kept. */
  readonly spoolDirectory: string | undefined;
}

/**
 * Where errors and metrics go. Each method takes what it can keep and returns at once: it does not wait, and does not
 * throw. What cannot be kept is counted in `stats`. A method that is absent is never called.
 */
export interface Sink {
  /** One word, unique in a set-up. */
  readonly name: string;
  /** Whether each value of a metric is sent, and counts against `budget.pointsPerDay`. @default false: they are added up */
  readonly sendsPoints?: boolean | undefined;
  /** Once, by `startApm`. Constructors do no I/O and start no timers; this may. */
  start?(host: SinkHost): void;
  error?(event: ErrorEvent): void;
  metric?(point: MetricPoint): void;
  deployment?(deployment: Deployment, service: Service): void;
  feedback?(feedback: FeedbackEvent): void;
  /** The process ends without a further turn of the event loop: keep what waits, without waiting. */
  crash?(): void;
  stats(): SinkStats;
  /** Sends what waits, up to `timeoutMs`. Never rejects. */
  flush(options?: CloseOptions): Promise<void>;
  /** As `flush`, and then lets go of sockets and timers. Idempotent, never rejects. */
  close(options?: CloseOptions): Promise<void>;
}

/**
 * Why a sink dropped something: its queue was full; the receiver said to wait (429); the receiver refused it, or failed
 * for too long; it was too large; it waited at the end.
 */
export type DropReason = 'queue-full' | 'rate-limited' | 'refused' | 'unreachable' | 'too-large' | 'closed';

/** `accepted` is `sent`, `queued` and all of `dropped` together. Metrics that are only added up count as sent. */
export interface SinkStats {
  readonly accepted: number;
  readonly sent: number;
  readonly queued: number;
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
}
