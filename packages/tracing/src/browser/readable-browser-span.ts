import { type Attributes, type HrTime, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { knownMethod } from '../request/known-method';
import type { BrowserSpan, WebVitals } from './report-types';

/** How far a browser's clock may be off, before and after, in milliseconds. */
const maxSkewMs = 600_000;

/** A browser's span as exporters take it, its times held near `nowMs`. */
export function readableBrowserSpan(
  span: BrowserSpan,
  resource: ReadableSpan['resource'],
  nowMs: number,
): ReadableSpan {
  const { traceId, spanId, parentSpanId, name, kind } = span;
  const startedAtMs = nearNow(span.startedAtMs);
  const endedAtMs = nearNow(startedAtMs + span.durationMs);
  const ids = { traceId, traceFlags: TraceFlags.SAMPLED };
  return {
    name,
    kind: kind === 'fetch' ? SpanKind.CLIENT : SpanKind.INTERNAL,
    spanContext: () => ({ ...ids, spanId }),
    ...(parentSpanId !== undefined && {
      parentSpanContext: { ...ids, spanId: parentSpanId, isRemote: true },
    }),
    startTime: hrTime(startedAtMs),
    endTime: hrTime(endedAtMs),
    duration: hrTime(endedAtMs - startedAtMs),
    ended: true,
    status: { code: isFailure(span) ? SpanStatusCode.ERROR : SpanStatusCode.UNSET },
    attributes: attributesOf(span),
    links: [],
    events: [],
    resource,
    instrumentationScope: { name: '@unite/tracing/browser' },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };

  function nearNow(atMs: number): number {
    return Math.min(Math.max(atMs, nowMs - maxSkewMs), nowMs + maxSkewMs);
  }
}

/** The resource of what the pages of a service make. Made here: the SDK's own way loads much of `node:`. */
export function browserResource(service: string): ReadableSpan['resource'] {
  const attributes: Attributes = { 'service.name': `${service}-browser`, 'telemetry.sdk.language': 'webjs' };
  const resource: ReadableSpan['resource'] = {
    attributes,
    getRawAttributes: () => Object.entries(attributes),
    merge: (other) => other ?? resource,
  };
  return resource;
}

/** By the HTTP semantic conventions for clients; whoever aborts a request does so on purpose. */
function isFailure({ error, status = 0 }: BrowserSpan): boolean {
  return status >= 400 || (error !== undefined && error !== 'AbortError');
}

function attributesOf({ kind, name, status, error, vitals }: BrowserSpan): Attributes {
  const [method = ''] = name.split(' ', 1);
  return {
    ...(kind === 'fetch' && { 'http.request.method': knownMethod(method) }),
    ...(status !== undefined && { 'http.response.status_code': status }),
    ...(error !== undefined && { 'error.type': error }),
    ...(status !== undefined && status >= 400 && { 'error.type': String(status) }),
    ...vitalAttributes(vitals),
  };
}

function vitalAttributes({ ttfbMs, fcpMs, lcpMs, inpMs, cls }: WebVitals = {}): Attributes {
  const all = {
    'unite.web_vital.ttfb_ms': ttfbMs,
    'unite.web_vital.fcp_ms': fcpMs,
    'unite.web_vital.lcp_ms': lcpMs,
    'unite.web_vital.inp_ms': inpMs,
    'unite.web_vital.cls': cls,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function hrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1_000);
  return [seconds, Math.min(Math.round((ms - seconds * 1_000) * 1_000_000), 999_999_999)];
}
