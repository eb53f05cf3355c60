/** How values of a metric add up. */
export type MetricKind = 'counter' | 'gauge' | 'histogram';

/** Label → value. Values that are not texts are written as texts; `undefined` is left out (an empty text). */
export type Labels = Readonly<Record<string, string | number | boolean | undefined>>;

/** What an application says of a metric of its own. */
export interface MetricDeclaration {
  readonly kind: MetricKind;
  /** What it counts, in one sentence. */
  readonly help: string;
  /** Names of its labels: 8 at most, none of them unbounded such as ids of users. @default none */
  readonly labels?: readonly string[] | undefined;
  /** Upper bounds of a histogram, rising. @default {@link MetricDefinition.buckets} of requests */
  readonly buckets?: readonly number[] | undefined;
}

/** A metric as sinks see it. One object for each metric, so that a sink may keep what it makes of it beside it. */
export interface MetricDefinition {
  /** Letters, digits and `_`, such as `contacts_created`; no digit first. Ends in its unit: `…_seconds`, `…_bytes`, `…_usd`. */
  readonly name: string;
  readonly kind: MetricKind;
  readonly help: string;
  readonly labels: readonly string[];
  /** Of a histogram; empty for the others. */
  readonly buckets: readonly number[];
}

/** The request that a value is from. */
export interface Exemplar {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
}

/** One value. Series are bounded before it is made: no sink needs a cap of its own. */
export interface MetricPoint {
  readonly metric: MetricDefinition;
  /** A finite number; 0 or more for a counter. */
  readonly value: number;
  /** In the order of `metric.labels`. */
  readonly labels: readonly string[];
  readonly exemplar?: Exemplar | undefined;
}

/** Caps, so that memory is bounded whatever is asked for. */
export interface MetricLimits {
  /** Metrics. @default 500 */
  readonly maxMetrics?: number | undefined;
  /** Label sets of one metric; what is over goes to one series whose labels are all `__overflow__`. @default 1_000 */
  readonly maxSeries?: number | undefined;
  /** Routes; what is over counts as `__overflow__`. @default 300 */
  readonly maxRoutes?: number | undefined;
}
