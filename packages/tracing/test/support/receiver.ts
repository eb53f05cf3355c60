import { startOtlpReceiver } from '@unite/services/otlp';

interface WireValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: number | string | { readonly low: number };
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values: readonly WireValue[] };
}

/** Hexadecimal in JSON, bytes in protobuf. */
type WireId = string | Uint8Array;

interface WireAttribute {
  readonly key: string;
  readonly value: WireValue;
}

export interface WireSpan {
  readonly traceId: WireId;
  readonly spanId: WireId;
  readonly parentSpanId?: WireId;
  readonly name: string;
  readonly kind: number | string;
  readonly attributes?: readonly WireAttribute[];
  readonly events?: readonly { readonly name: string; readonly attributes: readonly WireAttribute[] }[];
  readonly links?: readonly { readonly traceId: WireId; readonly spanId: WireId }[];
  readonly status?: { readonly code?: number | string; readonly message?: string };
}

interface WireTrace {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly WireAttribute[] };
    readonly scopeSpans: readonly {
      readonly scope: { readonly name: string };
      readonly spans: readonly WireSpan[];
    }[];
  }[];
}

/** A real OTLP receiver, and what it took. */
export async function startReceiver() {
  const traces: WireTrace[] = [];
  const headers: Record<string, unknown>[] = [];
  const receiver = await startOtlpReceiver({
    onTrace: (trace) => traces.push(trace as WireTrace),
    onHeaders: (seen) => headers.push(seen),
  });
  return {
    ...receiver,
    traces,
    headers,
    spans: () =>
      traces.flatMap(({ resourceSpans }) =>
        resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
      ),
  };
}

const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
const statuses = ['unset', 'ok', 'error'];

/** A span as it came over the wire, the same for the three protocols. */
export function readWireSpan(span: WireSpan) {
  return {
    traceId: hex(span.traceId),
    spanId: hex(span.spanId),
    parentSpanId: hex(span.parentSpanId),
    name: span.name,
    kind: named(span.kind, kinds, 'SPAN_KIND_'),
    attributes: readAttributes(span.attributes),
    events: (span.events ?? []).map(({ name, attributes }) => ({
      name,
      attributes: readAttributes(attributes),
    })),
    links: (span.links ?? []).map(({ traceId, spanId }) => ({ traceId: hex(traceId), spanId: hex(spanId) })),
    status: named(span.status?.code ?? 0, statuses, 'STATUS_CODE_'),
    statusMessage: span.status?.message || undefined,
  };
}

export function readAttributes(attributes: readonly WireAttribute[] = []): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, readValue(value)]));
}

/** Fields that were not sent have defaults on the prototype. */
function readValue(value: WireValue): unknown {
  const [[kind, content] = []] = Object.entries(value) as [keyof WireValue, unknown][];
  if (kind === 'arrayValue') return (content as { values: readonly WireValue[] }).values.map(readValue);
  if (kind !== 'intValue') return content;
  return typeof content === 'object' ? (content as { low: number }).low : Number(content);
}

function hex(id: WireId | undefined): string | undefined {
  if (id === undefined || id === '') return undefined;
  if (typeof id !== 'string') return Buffer.from(id).toString('hex') || undefined;
  return /^([0-9a-f]{16}){1,2}$/.test(id) ? id : Buffer.from(id, 'base64').toString('hex');
}

function named(value: number | string, names: readonly string[], prefix: string): string | undefined {
  return typeof value === 'number' ? names[value] : value.replace(prefix, '').toLowerCase();
}
