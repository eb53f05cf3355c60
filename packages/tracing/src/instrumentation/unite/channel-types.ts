import type { Attributes } from '@opentelemetry/api';

/** How the operations of one tracing channel become spans. Fields of messages are read as they were published. */
export interface ChannelSpan {
  readonly channel: string;
  /** Of low cardinality. */
  spanName(message: ChannelMessage): string;
  /** Known at the start. */
  startAttributes(message: ChannelMessage): Attributes;
  /** Known at the end. */
  endAttributes(message: ChannelMessage): Attributes;
  /** May start a trace: it belongs to no request. */
  readonly isRoot?: true | undefined;
}

/** How what a plain channel tells becomes an event on the span that is active. */
export interface ChannelEvent {
  readonly channel: string;
  readonly eventName: string;
  attributes(message: ChannelMessage): Attributes;
}

/** Names and scalars, by the rules of the channels: no values, no secrets. */
export type ChannelMessage = Readonly<Record<string, string | number | boolean | string[] | undefined>>;
