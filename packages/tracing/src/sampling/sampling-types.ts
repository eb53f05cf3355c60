/**
 * Which traces are kept. A decision is made once for each local root: the first span of a trace in this process,
 * whether its parent is remote or it has none. Its spans are held until it ends, and kept or dropped together.
 */
export interface SamplingOptions {
  /** Share of the traces to keep, 0–1, consistent by trace id: services with the same ratio keep the same traces. @default 1 */
  readonly ratio?: number | undefined;
  /** Keep every trace in which a span failed, whole. @default true */
  readonly keepErrors?: boolean | undefined;
  /** Keep every trace whose local root took longer than this, in milliseconds. @default none */
  readonly keepSlowerThanMs?: number | undefined;
  /** Most open local roots at a time; over it the oldest is decided early, and counted. @default 10_000 */
  readonly maxOpenTraces?: number | undefined;
  /** Most spans held for undecided traces together; over it the oldest trace is decided early. @default 100_000 */
  readonly maxOpenSpans?: number | undefined;
  /** Most spans that are held for one local root, itself among them; further ones are dropped and counted. @default 1_000 */
  readonly maxSpansPerTrace?: number | undefined;
  /** How long a local root may stay open before it is decided early, in milliseconds. @default 60_000 */
  readonly maxOpenMs?: number | undefined;
  /** How many decisions are remembered for spans that end after their root. @default 10_000 */
  readonly maxDecisions?: number | undefined;
}

/** Why a trace was kept; stands on the local root as `unite.sampling.reason`. */
export type KeepReason =
  /** The ratio is 1. */
  | 'all'
  /** The trace id is within the ratio. */
  | 'ratio'
  | 'error'
  | 'slow'
  /** Decided before its root had ended: too many were open, it was open for too long, or the process ends. */
  | 'early';

/** Counters of the sampler. */
export interface SamplingStats {
  /** Local roots that were kept, by reason. */
  readonly kept: Readonly<Record<KeepReason, number>>;
  /** Local roots that were not kept. */
  readonly dropped: number;
  /** Local roots that were decided before they ended, kept or not, by cause. */
  readonly early: { readonly tooMany: number; readonly tooLong: number };
  /**
   * Spans that ended after their local root was decided, by what became of them; `forgotten` are those that belong to
   * no local root that is known, and are dropped. At a ratio of 1 nothing is held, and no span is late.
   */
  readonly late: { readonly kept: number; readonly dropped: number; readonly forgotten: number };
  /** Spans that were over `maxSpansPerTrace`. */
  readonly overLimit: number;
  /** Open local roots now. */
  readonly openTraces: number;
  /** Spans held now for local roots that are undecided. */
  readonly openSpans: number;
}
