import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { OTLPExporterError } from '@opentelemetry/otlp-exporter-base';
import {
  createOtlpHttpExportDelegate,
  httpAgentFactoryFromOptions,
} from '@opentelemetry/otlp-exporter-base/node-http';
import {
  type IExportTraceServiceResponse,
  type ISerializer,
  JsonTraceSerializer,
  ProtobufTraceSerializer,
  TraceExporterMetricsHelper,
} from '@opentelemetry/otlp-transformer';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { CountedResult } from './exporter-types';
import type { OtlpSettings } from './otlp';

type TraceSerializer = ISerializer<ReadableSpan[], IExportTraceServiceResponse>;

interface PartialSuccess {
  readonly rejectedSpans: number;
  readonly error: string;
}

/** Requests that may be under way at a time: those that nobody waits for any more come to their own end. */
const concurrencyLimit = 8;

/**
 * OTLP over HTTP, on the parts that the exporters of OpenTelemetry are made of. Those exporters themselves add headers
 * from the environment, and pass partial successes to nobody but a logger.
 */
export function createOtlpHttp({
  url,
  protocol,
  headers,
  compression,
  timeoutMs,
}: OtlpSettings): SpanExporter {
  const isJson = protocol === 'http/json';
  const serializer: TraceSerializer = isJson ? JsonTraceSerializer : ProtobufTraceSerializer;
  const contentType = isJson ? 'application/json' : 'application/x-protobuf';
  let partial: PartialSuccess | undefined;
  const delegate = createOtlpHttpExportDelegate(
    {
      url,
      headers: async () => ({ ...headers, 'Content-Type': contentType }),
      compression,
      timeoutMillis: timeoutMs,
      concurrencyLimit,
      agentFactory: httpAgentFactoryFromOptions({ keepAlive: true }),
    },
    {
      serializeRequest: serializer.serializeRequest,
      deserializeResponse(data) {
        partial = partialSuccess(serializer.deserializeResponse(data));
        return {};
      },
    },
    isJson ? 'otlp_http_json_span_exporter' : 'otlp_http_span_exporter',
    TraceExporterMetricsHelper,
    undefined,
  );
  return {
    export(spans, done) {
      delegate.export(spans, (result) => {
        // The response is read right before this is called.
        const refused = partial;
        partial = undefined;
        done(refused ? { ...result, ...refusal(refused) } : readable(result));
      });
    },
    // Nothing is held back: what was handed over is done when it calls back.
    forceFlush: async () => {},
    shutdown: () => delegate.shutdown(),
  };
}

/** `partial_success` (OTLP 1.x, "Partial Success"): a rejected count of 0 with a message is a warning. */
function partialSuccess(response: IExportTraceServiceResponse | undefined): PartialSuccess | undefined {
  const { rejectedSpans, errorMessage } = response?.partialSuccess ?? {};
  const rejected = Number(rejectedSpans ?? 0);
  if (!(rejected > 0)) return undefined;
  return { rejectedSpans: rejected, error: errorMessage ? `: ${errorMessage}` : '' };
}

function refusal({ rejectedSpans, error }: PartialSuccess): Omit<CountedResult, 'code'> {
  return {
    rejectedSpans,
    error: new Error(`the receiver refused ${rejectedSpans} spans of a batch${error}`),
  };
}

/** What the receiver writes beside the status may repeat what it was sent. */
function readable(result: ExportResult): ExportResult {
  if (result.code === ExportResultCode.SUCCESS || !(result.error instanceof OTLPExporterError)) return result;
  const { code } = result.error;
  const words =
    code === undefined
      ? 'the receiver answered 429, 502, 503 or 504 until the time was up'
      : `the receiver answered ${code}`;
  return { code: result.code, error: new Error(words) };
}
