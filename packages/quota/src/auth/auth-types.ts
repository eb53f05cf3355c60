import type { Clock } from '@unite/core';
import type { QuotaStore } from '../store/store-types';

/** How failures make whoever fails wait. */
export interface BackoffOptions {
  /** Failures without a wait, from 0 to 1,000,000. */
  readonly freeAttempts?: number | undefined;
  /** The wait after the first failure beyond those, in whole milliseconds; it doubles with each further one. */
  readonly firstWaitMs?: number | undefined;
  /**
   * The longest wait, in whole milliseconds, at most 30 days. After this long without any attempt, from when the door
   * opened, the failures are forgotten.
   */
  readonly maxWaitMs?: number | undefined;
}

/** With every default. */
export type Backoff = Readonly<Record<keyof BackoffOptions, number>>;

/** Options of `createAuthLimiter`. */
export interface AuthLimiterOptions {
  /** Where failures are counted. Processes that share it share the count. */
  readonly store: QuotaStore;
  /** What is limited: limiters with one store and different names do not share counts. @default 'login' */
  readonly name?: string | undefined;
  /** Failures of one account, wherever they come from. @default { freeAttempts: 5, firstWaitMs: 1_000, maxWaitMs: 900_000 } */
  readonly account?: BackoffOptions | undefined;
  /**
   * Failures from one address (of IPv6 its /64), whatever the account. Many people may share it: an office, a
   * carrier's NAT. @default { freeAttempts: 20, firstWaitMs: 1_000, maxWaitMs: 900_000 }
   */
  readonly address?: BackoffOptions | undefined;
  /** Longest time for one attempt in the store, in milliseconds, at most 1,000. @default 50 */
  readonly storeTimeoutMs?: number | undefined;
  readonly clock?: Clock | undefined;
}

/** Who tries. */
export interface AuthRequest {
  /** As it was typed: a name, an e-mail address. It need not exist. */
  readonly account: string;
  /** An address, or what `createClientKey` makes of a request. Without one, the account alone is limited. */
  readonly address?: string | undefined;
}

/** One try. It counts as failed until `succeed` is called. */
export interface AuthAttempt {
  /** Whether the password may be looked at. */
  readonly allowed: boolean;
  /** How long until the next try, by the longer of both waits; 0 when this one is allowed. */
  readonly retryAfterMs: number;
  /** @throws QuotaError `UNITE_QUOTA_EXCEEDED` when it is refused: 429, and nothing of account or address */
  throwIfRefused(): void;
  /**
   * The password was right: the account's failures are forgotten, and the address has one less; its others stay, or
   * whoever has an account could try all others from there. Where the store cannot be asked, they stay and are
   * counted as `kept`; who has given the right password is not turned away for it. Idempotent.
   *
   * @throws QuotaError `UNITE_QUOTA_EXCEEDED` when the attempt was refused: nobody should have looked at a password
   */
  succeed(): Promise<void>;
  /** The password was wrong. It has been counted already. After it, `succeed` does nothing. Idempotent. */
  fail(): Promise<void>;
}

/** Counts since the start. */
export interface AuthLimiterStatistics {
  readonly allowed: number;
  readonly refused: number;
  /** Attempts that ended with 503. */
  readonly unavailable: number;
  /** Failures that should have been taken back, while the store could not be asked. */
  readonly kept: number;
}

/** Made by `createAuthLimiter`. */
export interface AuthLimiter {
  /**
   * Asked before the password is looked at. Charges a failure to the account and to the address, or to neither.
   *
   * @throws QuotaError `UNITE_QUOTA_UNAVAILABLE` (503) when the store does not answer in time, and
   * `UNITE_QUOTA_KEY_INVALID` (400) for an account that is no text, empty, or has control characters
   */
  attempt(request: AuthRequest): Promise<AuthAttempt>;
  statistics(): AuthLimiterStatistics;
}
