/** Ids of the span that is active, by which an error is found beside its trace. */
export interface SpanIds {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** 16 lower-case hex digits. */
  readonly spanId: string;
}

interface OpenTelemetryGlobals {
  readonly context?: { active(): { getValue(key: symbol): { spanContext(): SpanIds } | undefined } };
}

// Where every copy of @opentelemetry/api 1.x registers itself, and what it keeps the span of a context under. Read from
// there, so that who does not trace installs nothing.
const apiKey = Symbol.for('opentelemetry.js.api.1');
const spanKey = Symbol.for('OpenTelemetry Context Key SPAN');

/** The span of OpenTelemetry that is active; `undefined` without one. Never throws. */
export function activeSpan(): SpanIds | undefined {
  try {
    const api = (globalThis as { [key: symbol]: OpenTelemetryGlobals | undefined })[apiKey];
    const ids = api?.context?.active().getValue(spanKey)?.spanContext();
    return ids && isId(ids.traceId, 32) && isId(ids.spanId, 16)
      ? { traceId: ids.traceId, spanId: ids.spanId }
      : undefined;
  } catch {
    return undefined;
  }
}

/** @see W3C Trace Context §3.2.2.3: all zeros are invalid */
function isId(id: unknown, length: number): boolean {
  return typeof id === 'string' && id.length === length && /^(?!0+$)[0-9a-f]+$/.test(id);
}
