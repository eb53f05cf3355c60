import type { BudgetOptions } from '../budget/budget-types';
import type { ErrorKind } from '../capture/capture-types';

/**
 * Errors that are not sent. Every field that is said has to match; what is said of an error's causes is not looked at.
 * A fatal error is never ignored.
 */
export interface IgnoreRule {
  /** Name of its class: `AbortError`. */
  readonly type?: string | undefined;
  /** Stable code: `ECONNRESET`. */
  readonly code?: string | undefined;
  /** How its message begins; or a pattern, which is tried on the first 1,000 characters. */
  readonly message?: string | RegExp | undefined;
  /** Template with its method, `GET /health`; `*` at the end stands for any. */
  readonly route?: string | undefined;
  /** Where it came to light. */
  readonly kind?: ErrorKind | undefined;
  /** How many of those that match are ignored, 0–1: 0.9 sends one in ten. @default 1 */
  readonly share?: number | undefined;
}

/**
 * How much is kept of what is not an error. Each is a share, 0–1. `startBrowserApm` takes what its vendors do, Datadog
 * percents and Sentry shares of all visits:
 *
 * @example
 * const { sessions, replays, errorReplays } = configOf(environment).sampling;
 * const datadog = { ...keys, sessionSampleRate: 100 * sessions, sessionReplaySampleRate: 100 * replays };
 * const sentry = { ...dsn, replaysSessionSampleRate: sessions * replays, replaysOnErrorSampleRate: errorReplays };
 */
export interface SamplingRates {
  /** Traces: `sampling.ratio` of `@unite/tracing`. @default 1 */
  readonly traces: number;
  /** Visits of pages that are measured, where the visitor agrees. @default 1 */
  readonly sessions: number;
  /** Of those, visits that are recorded. @default 0 */
  readonly replays: number;
  /** Visits in which an error happens that are recorded from then on. @default 0 */
  readonly errorReplays: number;
}

/** What is done about what was seen. Bodies and cookies are never sent: there is no rule for them. */
export interface ApmRules {
  /** @default none */
  readonly ignore: readonly IgnoreRule[];
  /** How long a query may take, in milliseconds. @default 500 */
  readonly slowQueryMs: number;
}

/**
 * Budgets that differ between environments: for `budget` of `startApm`. One for spans is not among them, as it needs the
 * function that counts them: `startApm({ budget: { ...budget, spansPerDay, spans } })`.
 */
export type BudgetLimits = Pick<BudgetOptions, 'pointsPerDay' | 'errorsPerDay'>;

/** What holds in one environment. */
export interface ApmConfig {
  /** Such as `production`. */
  readonly environment: string;
  readonly sampling: SamplingRates;
  /** Stand on every error. */
  readonly tags: Readonly<Record<string, string>>;
  readonly rules: ApmRules;
  readonly budget: BudgetLimits;
}

/** Some of its fields; `undefined` is not said. */
type Said<Section> = { readonly [Field in keyof Section]?: Section[Field] | undefined };

/** What is said of one environment; the rest is as in `default`. */
export interface ApmConfigOptions {
  readonly sampling?: Said<SamplingRates> | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly rules?: Said<ApmRules> | undefined;
  readonly budget?: BudgetLimits | undefined;
}

/** Options of `defineApmConfig` besides the environments. */
export interface DefineApmConfigOptions {
  /** What an environment gets that is not named: an error, or what `default` says. @default 'refuse' */
  readonly whenUnknown?: 'refuse' | 'default' | undefined;
}
