/** What is counted against a budget. */
export type BudgetUnit = 'spans' | 'points' | 'errors';

/** What may be sent in a day (UTC), by all sinks together. What is not said has no bound. */
export interface BudgetOptions {
  readonly spansPerDay?: number | undefined;
  /** Values of metrics to sinks that send each (Datadog). */
  readonly pointsPerDay?: number | undefined;
  readonly errorsPerDay?: number | undefined;
  /** Spans of this process so far; a budget for spans needs it: `() => tracing.stats().spans.ended`. */
  readonly spans?: (() => number) | undefined;
  /** Called once for each unit and day at 80 %, and at 100 %. Spans should be sampled harder first. */
  readonly onUsed?: ((used: BudgetUse) => void) | undefined;
}

/** How much of one budget is used. */
export interface BudgetUse {
  readonly unit: BudgetUnit;
  readonly used: number;
  readonly perDay: number;
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
