import type { Attributes } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { Redact } from '../types';
import { createRedactor } from './create-redactor';

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
 * What a span is made ready for exporters with: texts of its attributes, events and links are redacted, its status
 * message too, its name and status message cut.
 *
 * The span itself is never changed, since whoever made it may hold it and other processors see it. A span of which
 * nothing changes is handed on as it is; else a copy, the same one each time, so that each exporter gets the same.
 */
export function createSpanPreparer(options: SpanPreparerOptions): (span: ReadableSpan) => ReadableSpan {
  const { maxTextLength } = options;
  const redact = createRedactor(options.redact);
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
    const name = cut(span.name);
    const status = preparedStatus(span);
    const attributes = redacted(span.attributes);
    const events = redactedEach(span.events);
    const links = redactedEach(span.links);
    const isUnchanged =
      name === span.name &&
      status === span.status &&
      attributes === span.attributes &&
      events === span.events &&
      links === span.links;
    return isUnchanged ? span : { ...copy(span), name, status, attributes, events, links };
  }

  function preparedStatus({ status }: ReadableSpan): ReadableSpan['status'] {
    if (status.message === undefined) return status;
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
    for (const key in attributes) {
      const value = attributes[key];
      const left = redactedValue(key, value);
      if (left === value) continue;
      changed ??= { ...attributes };
      if (left === undefined) delete changed[key];
      else changed[key] = left;
    }
    return changed ?? attributes;
  }

  function redactedValue(key: string, value: Attributes[string]): Attributes[string] {
    if (typeof value === 'string') return redact(key, value);
    if (!Array.isArray(value) || !value.some((item) => typeof item === 'string')) return value;
    const left = value.map((item) => (typeof item === 'string' ? redact(key, item) : item));
    if (left.every((item, index) => item === value[index])) return value;
    return left.filter((item) => item !== undefined) as string[];
  }
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
