import type { ProblemSource } from '@unite/core';

/** Stable codes of {@link OpsError}. */
export type OpsErrorCode =
  /** The event loop is late: the request was not begun. */
  | 'UNITE_OPS_OVERLOADED'
  /** What this route needs is down: the request was not begun. */
  | 'UNITE_OPS_GROUP_DOWN'
  /** The process is about to end. */
  | 'UNITE_OPS_DRAINING'
  /** Something in `onStart` failed; it is the cause. */
  | 'UNITE_OPS_START_FAILED'
  /** The process was told to end while it started. */
  | 'UNITE_OPS_START_ABORTED'
  /** A check gave no answer in time. */
  | 'UNITE_OPS_CHECK_TIMEOUT'
  /** A check answered something that is no result. */
  | 'UNITE_OPS_CHECK_INVALID'
  /** There is no configuration file where one was looked for. */
  | 'UNITE_OPS_CONFIG_NOT_FOUND'
  /** The configuration file cannot be loaded, or says something unknown. */
  | 'UNITE_OPS_CONFIG_INVALID'
  /** A verifier did not end in time. */
  | 'UNITE_OPS_VERIFY_TIMEOUT'
  /** A load cannot be made: the target does not answer. */
  | 'UNITE_OPS_LOAD_UNREACHABLE'
  /** There is no build whose pages can be weighed: its report is missing, stale or another's. */
  | 'UNITE_OPS_BUILD_UNREADABLE'
  /** The proxy's socket is missing, refuses, or knows no such backend or server. */
  | 'UNITE_OPS_PROXY_UNUSABLE'
  /** A deployment was not begun: nothing has been changed. */
  | 'UNITE_OPS_DEPLOY_REFUSED'
  /** The new release did not prove itself, or the deployment could not go on. */
  | 'UNITE_OPS_DEPLOY_FAILED'
  /** A drill would touch what is not of this machine. */
  | 'UNITE_OPS_DRILL_REFUSED'
  /** A file of rules cannot be made, or would be written where nothing may be. */
  | 'UNITE_OPS_RULES_UNUSABLE';

const statuses: Partial<Record<OpsErrorCode, number>> = {
  UNITE_OPS_OVERLOADED: 503,
  UNITE_OPS_GROUP_DOWN: 503,
  UNITE_OPS_DRAINING: 503,
};

const brand = Symbol.for('unite.ops.error');

/** What an error knows beyond its code. */
export interface OpsErrorOptions extends ErrorOptions {
  /** When to try again, in milliseconds. @default 2_000 where the status is 503 */
  readonly retryAfterMs?: number | undefined;
}

/** What this package throws of its own. */
export class OpsError extends Error {
  readonly code: OpsErrorCode;
  readonly retryAfterMs: number | undefined;
  /** Survives React Server Components, which replace the message of an error. */
  readonly digest: string;

  constructor(code: OpsErrorCode, message: string, options: OpsErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.retryAfterMs = options.retryAfterMs ?? (statuses[code] === 503 ? 2_000 : undefined);
    this.digest = `unite;${code};${this.status}`;
  }

  /** Holds across module copies, where `instanceof` does not. */
  static isInstance(value: unknown): value is OpsError {
    return typeof value === 'object' && value !== null && (value as { [brand]?: unknown })[brand] === true;
  }

  override get name(): string {
    return 'OpsError';
  }

  get status(): number {
    return statuses[this.code] ?? 500;
  }

  get [brand](): true {
    return true;
  }

  /** What a client is told. Nothing about checks or servers: those are for the log. */
  get problem(): ProblemSource {
    const { status, retryAfterMs } = this;
    return {
      type: 'about:blank',
      status,
      title: status === 503 ? 'Service Unavailable' : 'Internal Server Error',
      // RFC 9110 §10.2.3: whole seconds. Rounded to the nearest, so that clients which are told to wait differ.
      ...(retryAfterMs !== undefined && {
        headers: { 'Retry-After': String(Math.max(1, Math.round(retryAfterMs / 1_000))) },
      }),
    };
  }

  /** Express sends them, with `status`, where no other error middleware answers. */
  get headers(): Readonly<Record<string, string>> | undefined {
    return this.problem.headers;
  }

  /** For `@unite/problem`. */
  get [Symbol.for('unite.problem')](): ProblemSource {
    return this.problem;
  }
}
