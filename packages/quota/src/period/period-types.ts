/** Kinds of calendar periods. `billingPeriod` is a month from the anchor. */
export type PeriodKind = 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month' | 'billingPeriod';

/** A stretch of time, its end not included. */
export interface Period {
  readonly startAtMs: number;
  readonly endAtMs: number;
}

/** Where a tenant's calendar begins. */
export interface Calendar {
  /** IANA name, such as `Europe/Berlin`. @default 'UTC' */
  readonly timeZone?: string | undefined;
  /**
   * Day on which the first billing period began, `YYYY-MM-DD`. One that a month does not have is its last:
   * 31 January, 28 February, 31 March.
   *
   * @default the first of the month
   */
  readonly billingAnchor?: string | undefined;
}
