/** What is counted against a budget. */
export type BudgetUnit = 'spans' | 'points' | 'errors';

/**
 * What may be sent in a day (UTC), by all sinks together. What is not said has no bound.
 *
 * It degrades in order of worth. Spans first: they are sent by others, so that they are only counted, and `onUsed` says
 * when to sample harder. Then single values of metrics, which are dropped; what is scraped is complete. Errors last: the
 * first of each kind and every fatal one are sent whatever was used.
 */
export interface BudgetOptions {
  readonly spansPerDay?: number | undefined;
  /** Values of metrics to sinks that send each (Datadog). */
  readonly pointsPerDay?: number | undefined;
  readonly errorsPerDay?: number | undefined;
  /** Spans of this process so far; a budget for spans needs it: `() => tracing.stats().spans.ended`. */
  readonly spans?: (() => number) | undefined;
  /**
   * Called once for each unit and day at 80 %, and at 100 %; what it throws is told once. For spans: start the next
   * process with a lower `sampling.ratio`, or alert whoever can.
   */
  readonly onUsed?: ((used: BudgetUse) => void) | undefined;
}

/** How much of one budget is used. */
export interface BudgetUse {
  readonly unit: BudgetUnit;
  readonly used: number;
  readonly perDay: number;
  /** What was not sent. */
  readonly dropped: number;
  /**
   * - `within`
   * - `alert`: 80 % are used.
   * - `spent`: no more is sent of it, but for the first error of each kind and every fatal one.
   */
  readonly state: 'within' | 'alert' | 'spent';
}

/** How the budgets of the day stand. */
export interface BudgetReport {
  /** `2026-11-26`. */
  readonly day: string;
  readonly budgets: readonly BudgetUse[];
  /** What this package costs itself: its own time for a request, on the median, in microseconds. */
  readonly ownMicrosPerRequest: number | undefined;
}
