import { type Attributes, isSpanContextValid } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { Redact } from '@unite/core';
import { createRedactor, mask, maskQuoted } from '@unite/shared/redaction';
import { maskArguments } from './mask-arguments';
import { maskDatabaseEvent } from './mask-database-event';

/** Options of `createSpanPreparer`. */
export interface SpanPreparerOptions {
  /** Runs after the built-in redactor. @default none */
  readonly redact?: Redact | undefined;
  /** Longest name and status message, in UTF-16 units: the SDK limits attributes only. */
  readonly maxTextLength: number;
}

/** Of those that are not known by their beginning, in UTF-16 units. */
const longestSecret = 1_024;

/**
 * What a span is made ready for exporters with: texts of its attributes, events and links are redacted, its name and
 * status message too, and cut; lists are cut to the length of a text. What no exporter could write is dropped and
 * counted: links without a valid context, events without a name.
 *
 * The span itself is never changed, since whoever made it may hold it and other processors see it. A span of which
 * nothing changes is handed on as it is; else a copy, the same one each time, so that each exporter gets the same.
 */
export function createSpanPreparer(options: SpanPreparerOptions): (span: ReadableSpan) => ReadableSpan {
  const { maxTextLength } = options;
  const redact = createRedactor('UNITE_TRACING_REDACT_FAILED', options.redact);
  const prepared = new WeakMap<ReadableSpan, ReadableSpan>();
  return (span) => {
    const known = prepared.get(span);
    if (known) return known;
    const ready = prepare(span);
    if (ready !== span) {
      prepared.set(span, ready);
      // A copy that comes back is ready.
      prepared.set(ready, ready);
    }
    return ready;
  };

  function prepare(span: ReadableSpan): ReadableSpan {
    const name = preparedName(span.name);
    const attributes = redacted(span.attributes);
    const namedEvents = only(span.events, ({ name }) => isText(name));
    const validLinks = only(span.links, ({ context }) => isObject(context) && isSpanContextValid(context));
    const maskedEvents = namedEvents.length === 0 ? namedEvents : namedEvents.map(maskDatabaseEvent);
    const isMasked = maskedEvents.some((event, index) => event !== namedEvents[index]);
    const events = redactedEach(isMasked ? maskedEvents : namedEvents);
    const links = redactedEach(validLinks);
    const status = preparedStatus(isMasked ? maskedStatus(span.status) : span.status);
    const isUnchanged =
      name === span.name &&
      status === span.status &&
      attributes === span.attributes &&
      events === span.events &&
      links === span.links;
    if (isUnchanged) return span;
    const droppedEventsCount = span.droppedEventsCount + span.events.length - namedEvents.length;
    const droppedLinksCount = span.droppedLinksCount + span.links.length - validLinks.length;
    return { ...copy(span), name, status, attributes, events, links, droppedEventsCount, droppedLinksCount };
  }

  /** A name has to be there, even where the redactor of the application removes it. */
  function preparedName(name: unknown): string {
    if (!isText(name)) return 'unnamed';
    return cut(redact('otel.span.name', name.slice(0, maxTextLength + longestSecret)) ?? mask);
  }

  function preparedStatus(status: ReadableSpan['status']): ReadableSpan['status'] {
    if (status.message === undefined) return status;
    if (typeof status.message !== 'string') return { code: status.code };
    // Cut after it is redacted, since half of a secret is not known for one; but no more is looked at than may be shown.
    const left = redact('otel.status_description', status.message.slice(0, maxTextLength + longestSecret));
    if (left === undefined) return { code: status.code };
    const message = cut(left);
    return message === status.message ? status : { code: status.code, message };
  }

  function cut(text: string): string {
    return text.length > maxTextLength ? text.slice(0, maxTextLength) : text;
  }

  function redactedEach<Item extends { attributes?: Attributes }>(items: Item[]): Item[] {
    let changed: Item[] | undefined;
    for (const [index, item] of items.entries()) {
      if (!item.attributes) continue;
      const attributes = redacted(item.attributes);
      if (attributes === item.attributes) continue;
      changed ??= [...items];
      changed[index] = { ...item, attributes };
    }
    return changed ?? items;
  }

  function redacted(attributes: Attributes): Attributes {
    let changed: Attributes | undefined;
    let dropped = 0;
    for (const key in attributes) {
      const value = attributes[key];
      const left = Array.isArray(value) ? preparedList(key, value) : redactedValue(key, value);
      if (left === value) continue;
      changed ??= { ...attributes };
      if (left === undefined) delete changed[key];
      else changed[key] = left;
    }
    if (changed && dropped > 0) changed[droppedItems] = dropped;
    return changed ?? attributes;

    function preparedList(key: string, value: Items): Attributes[string] {
      const kept = withinLength(value, maxTextLength);
      dropped += value.length - kept.length;
      return redactedList(key, kept) as Attributes[string];
    }
  }

  function redactedValue(key: string, value: Attributes[string]): Attributes[string] {
    return typeof value === 'string' ? redact(key, value) : value;
  }

  function redactedList(key: string, items: Items): Items {
    if (!items.some((item) => typeof item === 'string')) return items;
    const hidden = maskArguments(items);
    const left = hidden.map((item) => (typeof item === 'string' ? redact(key, item) : item));
    if (left.every((item, index) => item === items[index])) return items;
    return left.filter((item) => item !== undefined);
  }
}

type Items = readonly unknown[];

/** How many items of lists were left out, on whatever has the lists. */
const droppedItems = 'unite.dropped_list_items';

/** The first items, that are together no longer than a text may be; each counts for at least one. */
function withinLength(items: Items, maxLength: number): Items {
  let length = 0;
  for (const [index, item] of items.entries()) {
    length += typeof item === 'string' ? Math.max(1, item.length) : 1;
    if (length > maxLength) return items.slice(0, index);
  }
  return items;
}

/** It is mostly the message of the exception. */
function maskedStatus({ code, message }: ReadableSpan['status']): ReadableSpan['status'] {
  return typeof message === 'string' ? { code, message: maskQuoted(message) } : { code };
}

function only<Item>(items: Item[], isSound: (item: Item) => boolean): Item[] {
  return items.every(isSound) ? items : items.filter(isSound);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** By its fields: most of them are getters or inherited. */
function copy(span: ReadableSpan): ReadableSpan {
  return {
    name: span.name,
    kind: span.kind,
    spanContext: () => span.spanContext(),
    ...(span.parentSpanContext && { parentSpanContext: span.parentSpanContext }),
    startTime: span.startTime,
    endTime: span.endTime,
    status: span.status,
    attributes: span.attributes,
    links: span.links,
    events: span.events,
    duration: span.duration,
    ended: span.ended,
    resource: span.resource,
    instrumentationScope: span.instrumentationScope,
    droppedAttributesCount: span.droppedAttributesCount,
    droppedEventsCount: span.droppedEventsCount,
    droppedLinksCount: span.droppedLinksCount,
  };
}
