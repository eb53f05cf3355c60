import { type Span, trace } from '@opentelemetry/api';
import { openTracingChannel } from '@unite/shared';
import { type ChannelCounters, guarded } from './channel-guard';
import type { ChannelMessage, ChannelTotal } from './channel-types';

/**
 * Counts operations of a tracing channel on the span that is active when they end.
 *
 * @returns ends it
 */
export function totalChannel(
  { channel: name, attribute, isCounted }: ChannelTotal,
  counters: ChannelCounters,
) {
  const channel = openTracingChannel(name);
  const totals = new WeakMap<Span, number>();
  const listener = guarded(counters, (message) => {
    if ('error' in message || !isCounted(message as ChannelMessage)) return;
    const span = trace.getActiveSpan();
    if (!span?.isRecording()) return;
    const total = (totals.get(span) ?? 0) + 1;
    totals.set(span, total);
    span.setAttribute(attribute, total);
  });
  channel?.asyncEnd.subscribe(listener);
  return () => void channel?.asyncEnd.unsubscribe(listener);
}
