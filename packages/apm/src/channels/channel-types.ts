import type { Labels, MetricDeclaration } from '../metrics/metric-types';

/** Names and scalars, by the rules of the channels: no values, no secrets. Read as they were published. */
export type ChannelMessage = Readonly<Record<string, string | number | boolean | undefined>>;

/** A message of a plain channel, or the end of an operation, that adds to a counter. */
export interface CountedChannel {
  readonly channel: string;
  /** `end`: the end of an operation on a tracing channel. */
  readonly at?: 'end' | undefined;
  readonly metric: string;
  /** `undefined`: it is not counted. */
  labels(message: ChannelMessage): Labels | undefined;
  /** @default 1 */
  amount?(message: ChannelMessage): number;
}

/** An operation on a tracing channel whose time goes into a histogram. */
export interface TimedChannel {
  readonly channel: string;
  readonly metric: string;
  labels(message: ChannelMessage): Labels;
}

/** What the channels of one package become. */
export interface PackageMetrics {
  readonly metrics: Readonly<Record<string, MetricDeclaration>>;
  readonly counted: readonly CountedChannel[];
  readonly timed: readonly TimedChannel[];
}
