import type { HealthStatus } from './health/health-types';
import type { LifecycleState, ShutdownReport } from './types';

/** Message of `unite:ops:state`: the process went on to its next state. */
export interface OpsStateMessage {
  readonly state: LifecycleState;
  readonly previous: LifecycleState;
  /** Why: `started`, `SIGTERM`, `closed`. */
  readonly reason: string;
}

/** Message of `unite:ops:check`: one run of a health check. */
export interface OpsCheckMessage {
  /** The check's name. */
  readonly check: string;
  /** Set at the end. */
  status?: HealthStatus;
  error?: unknown;
}

/** Message of `unite:ops:health`: a check's status has changed. */
export interface OpsHealthMessage {
  readonly check: string;
  readonly status: HealthStatus;
  readonly previous: HealthStatus | undefined;
}

/** Message of `unite:ops:shed`: a request was refused. */
export interface OpsShedMessage {
  readonly reason: 'delay' | 'in-flight' | 'group';
  /** The group that is down, where that is the reason. */
  readonly group?: string | undefined;
}

/** Message of `unite:ops:shutdown`: from the signal to the end. */
export interface OpsShutdownMessage {
  readonly reason: string;
  /** Set at the end. */
  report?: ShutdownReport;
  error?: unknown;
}
