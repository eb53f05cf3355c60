/** Options of `slo`. */
export interface SloOptions {
  /** Template with its method, `GET /api/contacts/[id]`; `*` at the end or alone stands for any. @default '*' */
  readonly route?: string | undefined;
  /** Share of requests that must be good: 0.999. */
  readonly target: number;
  /** Good is faster than this, in milliseconds, and without error. @default none: good is without error */
  readonly underMs?: number | undefined;
  /** Days that the target is for. @default 30 */
  readonly windowDays?: number | undefined;
}

/** An objective, made by `slo`. */
export interface Slo {
  /** One word with dashes: `api-latency`. */
  readonly name: string;
  readonly route: string;
  readonly target: number;
  readonly underMs: number | undefined;
  readonly windowDays: number;
}

/** Good and bad requests, of a window or a release. */
export interface SloCounts {
  readonly good: number;
  readonly total: number;
}

/** How an objective stands. */
export interface SloReport {
  readonly slo: Slo;
  /** Since the start. */
  readonly counts: SloCounts;
  /**
   * How fast the budget of errors is used: 1 uses it up exactly at the end of the objective's days.
   * `undefined` where nothing was asked for. By window.
   */
  readonly burnRates: Readonly<Record<'5m' | '30m' | '1h' | '6h', number | undefined>>;
  /**
   * `page` needs 10 bad requests, or 100 requests at all, in the long window of its rule; what burns as fast with fewer
   * is a `warning`: one bad request at night is all of them.
   *
   * @see Google SRE Workbook, chapter 5
   */
  readonly state: 'ok' | 'warning' | 'page' | 'no-data';
}

/** Before and after a deployment. */
export interface DeploymentComparison {
  readonly slo: Slo;
  readonly before: SloCounts;
  readonly after: SloCounts;
  readonly burnBefore: number | undefined;
  readonly burnAfter: number | undefined;
  /**
   * - `better`, `worse`: told apart with a confidence of 99 %.
   * - `same`: with that confidence the shares of bad requests differ by less than half of the error budget,
   *   `(1 - target) / 2`. For a target of 0.999 that takes some 14,000 requests on each side, even without a bad one.
   * - `unknown`: neither can be said, so that nothing is known of the deployment yet.
   */
  readonly verdict: 'better' | 'same' | 'worse' | 'unknown';
}
