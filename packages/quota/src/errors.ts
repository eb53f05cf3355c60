import type { ProblemSource } from '@unite/core';
import type { Decision, ResourceDecision } from './types';

/** Stable codes of {@link QuotaError}. */
export type QuotaErrorCode =
  /** A limit refuses; `decision` says which, and when it may pass. */
  | 'UNITE_QUOTA_EXCEEDED'
  /** The store or the ledger cannot be asked, and a limit is closed then. */
  | 'UNITE_QUOTA_UNAVAILABLE'
  /** Neither the call nor the context nor `termsOf` names the tenant's plan. */
  | 'UNITE_QUOTA_PLAN_MISSING'
  /** No plan has that name. */
  | 'UNITE_QUOTA_PLAN_UNKNOWN'
  /** Neither the call nor the context names a tenant. */
  | 'UNITE_QUOTA_TENANT_MISSING'
  /** An amount is no whole number from 0 to 9,007,199,254,740,991. */
  | 'UNITE_QUOTA_AMOUNT_INVALID'
  /** Nothing limits or prices this unit: a typing mistake would be free. */
  | 'UNITE_QUOTA_UNIT_UNKNOWN'
  /** No plan limits this resource. */
  | 'UNITE_QUOTA_RESOURCE_UNKNOWN'
  /** A time zone or a billing anchor is none. */
  | 'UNITE_QUOTA_CALENDAR_INVALID'
  /** An id, a key or a tenant is empty, too long, or has control characters. */
  | 'UNITE_QUOTA_KEY_INVALID'
  /** A cost is limited and the model has no price. */
  | 'UNITE_QUOTA_MODEL_UNPRICED'
  /** The idempotency key was used before for something else. */
  | 'UNITE_QUOTA_KEY_REUSED'
  /** The transaction's isolation would count what was there before the lock. */
  | 'UNITE_QUOTA_ISOLATION_UNSUITABLE'
  /** The time for the work was up. */
  | 'UNITE_QUOTA_HOLD_EXPIRED'
  /** The quota is closed. */
  | 'UNITE_QUOTA_CLOSED';

const brand = Symbol.for('unite.quota.error');

/** What an error knows beyond its code. */
export interface QuotaErrorOptions extends ErrorOptions {
  readonly decision?: Decision | undefined;
  readonly resource?: ResourceDecision | undefined;
  /** When to try again, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** What a client is told. */
  readonly problem?: ProblemSource | undefined;
}

const statuses: Partial<Record<QuotaErrorCode, number>> = {
  UNITE_QUOTA_EXCEEDED: 429,
  UNITE_QUOTA_UNAVAILABLE: 503,
  UNITE_QUOTA_CLOSED: 503,
  UNITE_QUOTA_KEY_INVALID: 400,
  UNITE_QUOTA_KEY_REUSED: 422,
  UNITE_QUOTA_HOLD_EXPIRED: 504,
};

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** What a quota throws of its own. What the work throws is handed on as it is. */
export class QuotaError extends Error {
  readonly code: QuotaErrorCode;
  /** Survives React Server Components, which replace the message of an error. */
  readonly digest: string;
  /** With `UNITE_QUOTA_EXCEEDED`. */
  readonly decision: Decision | undefined;
  /** With `UNITE_QUOTA_EXCEEDED` of a resource. */
  readonly resource: ResourceDecision | undefined;
  readonly retryAfterMs: number | undefined;
  readonly #problem: ProblemSource | undefined;

  constructor(code: QuotaErrorCode, message: string, options: QuotaErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.decision = options.decision;
    this.resource = options.resource;
    this.retryAfterMs = options.retryAfterMs;
    this.#problem = options.problem;
    this.digest = `unite;${code};${this.status}`;
  }

  /** Holds across module copies, where `instanceof` does not. */
  static isInstance(value: unknown): value is QuotaError {
    return typeof value === 'object' && value !== null && (value as { [brand]?: unknown })[brand] === true;
  }

  override get name(): string {
    return 'QuotaError';
  }

  get status(): number {
    return this.#problem?.status ?? statuses[this.code] ?? 500;
  }

  get [brand](): true {
    return true;
  }

  /** What a client is told. Nothing about stores and keys: those are for the log. */
  get problem(): ProblemSource {
    if (this.#problem) return this.#problem;
    const { status } = this;
    const seconds = Math.max(1, Math.ceil((this.retryAfterMs ?? 1_000) / 1_000));
    return {
      type: 'about:blank',
      status,
      title: titles[status] as string,
      ...(status === 503 && { headers: { 'Retry-After': String(seconds) } }),
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
