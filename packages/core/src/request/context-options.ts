import { expects, optionChecks } from '@unite/shared';
import type { Clock, Identity } from '../types';

/** Options that every adapter of the context takes; `Request` is what the framework hands over. */
export interface ContextOptions<Request> {
  /**
   * Tells who the request acts for, from its session or credentials. May be asynchronous. What it throws
   * fails the request; returning `undefined` means anonymous.
   */
  readonly identify?: ((request: Request) => MaybePromise<Identity | null | undefined>) | undefined;
  /**
   * Time for a request, in milliseconds, until its `signal` aborts and it is answered with 504.
   * @default none
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Whether a well-formed `x-request-id` of the caller is kept: at most 128 letters, digits or `._~:+/=@-`.
   * @default true
   */
  readonly acceptRequestId?: boolean | undefined;
  /** Release that serves, such as a git commit. */
  readonly release?: string | undefined;
  /** @default the machine's time */
  readonly clock?: Clock | undefined;
}

type MaybePromise<Value> = Value | Promise<Value>;

/** A timer of Node holds at most this; a longer one fires at once. */
const maxTimeoutMs = 2 ** 31 - 1;

const timeout = expects(
  `a number of milliseconds above 0 and at most ${maxTimeoutMs}`,
  (value) => typeof value === 'number' && value > 0 && value <= maxTimeoutMs,
);

/** Checks for who a request is. */
export const identityOptionChecks = {
  identify: optionChecks.function,
  acceptRequestId: optionChecks.boolean,
  release: optionChecks.string,
};

/** Checks for {@link ContextOptions}. */
export const contextOptionChecks = {
  ...identityOptionChecks,
  timeoutMs: timeout,
  clock: optionChecks.object,
};

/** Checks for what one Next.js route says under `context`. */
export const routeOptionChecks = { route: optionChecks.string, timeoutMs: timeout };
