import { type Span, trace } from '@opentelemetry/api';
import { openChannel } from '@unite/shared';
import { type ChannelCounters, guarded } from './channel-guard';
import type { ChannelEvent, ChannelMessage } from './channel-types';

/** Of one kind on one span. A request may hit the cache a thousand times, and its other events count too. */
const maxEventsPerSpan = 32;

/**
 * Adds what a channel tells to the span that is active, as an event.
 *
 * @returns ends it
 */
export function eventChannel(description: ChannelEvent, counters: ChannelCounters): () => void {
  const channel = openChannel(description.channel);
  const told = new WeakMap<Span, number>();
  const listener = guarded(counters, (message) => {
    const fields = message as ChannelMessage;
    const span = trace.getActiveSpan();
    if (!span?.isRecording() || description.isTold?.(fields) === false) return;
    const before = told.get(span) ?? 0;
    if (before >= maxEventsPerSpan) {
      counters.droppedEvents += 1;
      return;
    }
    span.addEvent(description.eventName, description.attributes(fields));
    told.set(span, before + 1);
    counters.events += 1;
  });
  channel?.subscribe(listener);
  return () => void channel?.unsubscribe(listener);
}
