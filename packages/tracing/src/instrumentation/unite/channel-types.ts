import type { Attributes, SpanKind } from '@opentelemetry/api';

/** How the operations of one tracing channel become spans. Fields of messages are read as they were published. */
export interface ChannelSpan {
  readonly channel: string;
  /** Of low cardinality. */
  spanName(message: ChannelMessage): string;
  /** Known at the start. */
  startAttributes(message: ChannelMessage): Attributes;
  /** Known at the end. */
  endAttributes(message: ChannelMessage): Attributes;
  /** @default internal */
  readonly kind?: SpanKind | undefined;
  /** Whether it is worth a span, as far as its start tells. @default all are */
  isWorthIt?(message: ChannelMessage): boolean;
  /** May start a trace: it belongs to no request. */
  readonly isRoot?: true | undefined;
}

/** How what a plain channel tells becomes an event on the span that is active. */
export interface ChannelEvent {
  readonly channel: string;
  readonly eventName: string;
  attributes(message: ChannelMessage): Attributes;
  /** Which messages are told. @default all */
  isTold?(message: ChannelMessage): boolean;
}

/** How operations that are too short and too many for a span each become a number on the span that is active. */
export interface ChannelTotal {
  /** A tracing channel: what ends without a failure is counted. */
  readonly channel: string;
  /** Of the span. */
  readonly attribute: string;
  isCounted(message: ChannelMessage): boolean;
}

/** Names and scalars, by the rules of the channels: no values, no secrets. */
export type ChannelMessage = Readonly<Record<string, string | number | boolean | string[] | undefined>>;
