/** Fields that tie a line of a log to a span in Datadog. */
export interface DatadogTraceFields {
  /** Decimal of 64 bits; 32 hex digits for an identifier of 128 bits, as `dd-trace` writes it. */
  readonly 'dd.trace_id': string;
  /** Decimal. */
  readonly 'dd.span_id': string;
}

/**
 * What a line of a log needs so that Datadog shows it with its trace, from the identifiers of W3C Trace Context. An
 * identifier of 128 bits is written as it is, in hexadecimal; one whose upper half is zero as a decimal of the lower half.
 *
 * @param traceId 32 lower-case hex digits
 * @param spanId 16 lower-case hex digits
 * @returns `undefined` for anything else, and for zeros
 * @see https://docs.datadoghq.com/tracing/other_telemetry/connect_logs_and_traces/opentelemetry
 * @example
 * logger.info({ ...datadogTraceFields(traceId, spanId) }, 'imported');
 */
export function datadogTraceFields(
  traceId: string | undefined,
  spanId: string | undefined,
): DatadogTraceFields | undefined {
  if (!isHex(traceId, 32) || !isHex(spanId, 16)) return undefined;
  const isLong = !traceId.startsWith('0'.repeat(16));
  return {
    'dd.trace_id': isLong ? traceId : decimal(traceId.slice(16)),
    'dd.span_id': decimal(spanId),
  };
}

function isHex(id: string | undefined, digits: number): id is string {
  return id?.length === digits && /^[\da-f]+$/.test(id) && /[^0]/.test(id);
}

function decimal(hex: string): string {
  return BigInt(`0x${hex}`).toString();
}
