import { type Context, context, type Span, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import { openTracingChannel } from '@unite/shared';
import { ContextStorage } from '../context-storage';
import { maskedException } from '../masked-exception';
import { type ChannelCounters, guarded } from './channel-guard';
import type { ChannelMessage, ChannelSpan } from './channel-types';

/** Who makes the spans. */
export interface SpanMaker {
  /** The tracer as it is now. */
  tracer(): Tracer;
  /** Whether spans may start traces. */
  readonly roots: boolean;
  readonly counters: ChannelCounters;
}

/**
 * Makes a span of each operation on a tracing channel. What the operation does runs inside the span, also behind its
 * awaits: the context is bound to the channel's start.
 *
 * @returns ends it
 */
export function traceChannel(description: ChannelSpan, maker: SpanMaker): () => void {
  const channel = openTracingChannel(description.channel);
  // On the message itself, which is cheaper than a WeakMap.
  const spanKey = Symbol('span');
  type Traced = { [spanKey]?: Span | undefined };
  const storage = new ContextStorage();
  const onStart = guarded(maker.counters, started);
  const onEnd = guarded(maker.counters, ended);
  // Without a promise there is no asynchronous end: what threw at once is told before the end.
  const onSynchronousEnd = guarded(maker.counters, (message) => 'error' in message && ended(message));

  channel?.start.bindStore(storage, (message) => onStart(message) ?? context.active());
  channel?.end.subscribe(onSynchronousEnd);
  channel?.asyncEnd.subscribe(onEnd);
  return () => {
    channel?.start.unbindStore(storage);
    channel?.end.unsubscribe(onSynchronousEnd);
    channel?.asyncEnd.unsubscribe(onEnd);
  };

  function started(message: object): Context | undefined {
    const parent = context.active();
    const mayStart = maker.roots || description.isRoot || trace.getSpan(parent) !== undefined;
    if (!mayStart || isTracingSuppressed(parent)) return undefined;
    const fields = message as ChannelMessage;
    if (description.isWorthIt?.(fields) === false) return undefined;
    const attributes = description.startAttributes(fields);
    const options = { attributes, ...(description.kind && { kind: description.kind }) };
    const span = maker.tracer().startSpan(description.spanName(fields), options, parent);
    maker.counters.spans += 1;
    (message as Traced)[spanKey] = span;
    return trace.setSpan(parent, span);
  }

  function ended(message: object): void {
    const span = (message as Traced)[spanKey];
    if (!span) return;
    (message as Traced)[spanKey] = undefined;
    try {
      if ('error' in message) fail(span, message.error);
      span.setAttributes(description.endAttributes(message as ChannelMessage));
    } finally {
      span.end();
    }
  }
}

function fail(span: Span, error: unknown): void {
  const exception = maskedException(error);
  span.recordException(exception);
  span.setAttribute('error.type', exception.code ?? exception.name);
  span.setStatus({ code: SpanStatusCode.ERROR, message: exception.message });
}
