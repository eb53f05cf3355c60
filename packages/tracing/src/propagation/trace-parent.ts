import { type SpanContext, TraceFlags } from '@opentelemetry/api';

/** W3C Trace Context §3.2: two hex digits of version, trace id, parent id, flags; lower case, fixed lengths. */
const layout = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/**
 * The parent that a `traceparent` names, or `undefined` where it is malformed.
 *
 * Stricter than `W3CTraceContextPropagator`, which takes white space around the value and writes flags above 15
 * with three digits.
 */
export function parseTraceParent(header: string): SpanContext | undefined {
  const [, version, traceId, spanId, flags, more] = layout.exec(header) ?? [];
  // §4.1: version ff is invalid, and only a later version may say more.
  if (version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  return remoteParent(traceId, spanId, Number.parseInt(flags ?? '', 16));
}

/** `00-<trace id>-<span id>-<flags>`, with the sampled flag alone (§3.2.2.5). */
export function formatTraceParent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-0${traceFlags & TraceFlags.SAMPLED}`;
}

/** A span of another process by what was read, or `undefined` where its ids are none. */
export function remoteParent(
  traceId: string | undefined,
  spanId: string | undefined,
  flags: number,
): SpanContext | undefined {
  if (!isId(traceId, 32) || !isId(spanId, 16)) return undefined;
  return { traceId, spanId, traceFlags: flags & TraceFlags.SAMPLED, isRemote: true };
}

/** Whether this is an id of so many hex digits, in lower case and not all zero. */
export function isId(value: unknown, digits: 16 | 32): value is string {
  return (
    typeof value === 'string' && value.length === digits && /^[0-9a-f]+$/.test(value) && !/^0+$/.test(value)
  );
}
