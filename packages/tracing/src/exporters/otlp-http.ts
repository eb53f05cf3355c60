import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { ExportResultCode } from '@opentelemetry/core';
import {
  type IExportTraceServiceResponse,
  type ISerializer,
  JsonTraceSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { CountedResult } from './exporter-types';
import type { OtlpSettings } from './otlp';
import { type OtlpAnswer, postOtlp } from './otlp-request';
import { sendWithRetries } from './send-with-retries';

type TraceSerializer = ISerializer<ReadableSpan[], IExportTraceServiceResponse>;

/** Spans repeat themselves so much that the fastest level finds nearly all that slower ones do. */
const gzipOptions = { level: constants.Z_BEST_SPEED };

/** Requests that may be under way at a time: those that nobody waits for any more come to their own end. */
const maxRequests = 8;

/**
 * OTLP over HTTP. The exporters of OpenTelemetry add headers from the environment, pass partial successes to nobody but
 * a logger, and cannot be stopped: their requests and retries keep a process alive that has closed them.
 */
export function createOtlpHttp(settings: OtlpSettings): SpanExporter {
  const { url, protocol, compression, timeoutMs } = settings;
  const isJson = protocol === 'http/json';
  const serializer: TraceSerializer = isJson ? JsonTraceSerializer : ProtobufTraceSerializer;
  const agent = new (url.startsWith('https:') ? HttpsAgent : HttpAgent)({ keepAlive: true });
  const headers = {
    'User-Agent': 'unite-tracing',
    ...settings.headers,
    'Content-Type': isJson ? 'application/json' : 'application/x-protobuf',
    ...(compression === 'gzip' && { 'Content-Encoding': 'gzip' }),
  };
  const underWay = new Set<AbortController>();
  return {
    export(spans, done) {
      send(spans).then(done, (error) => done({ code: ExportResultCode.FAILED, error }));
    },
    // Nothing is held back: what was handed over is done when it calls back.
    forceFlush: async () => {},
    async shutdown() {
      const reason = new Error('closed before the receiver answered');
      for (const ending of underWay) ending.abort(reason);
      agent.destroy();
    },
  };

  async function send(spans: ReadableSpan[]): Promise<CountedResult> {
    if (underWay.size >= maxRequests)
      throw new Error(`${maxRequests} requests wait for the receiver already`);
    const ending = new AbortController();
    underWay.add(ending);
    try {
      const body = await bytesOf(spans);
      const answer = await sendWithRetries(
        (signal) => postOtlp({ url, headers, agent, body }, signal),
        timeoutMs,
        ending,
      );
      return resultOf(answer, serializer);
    } finally {
      underWay.delete(ending);
    }
  }

  async function bytesOf(spans: ReadableSpan[]): Promise<Uint8Array> {
    const bytes = serializer.serializeRequest(spans) ?? new Uint8Array();
    return compression === 'gzip' ? promisify(gzip)(bytes, gzipOptions) : bytes;
  }
}

/** `partial_success` (OTLP 1.x, "Partial Success"): a rejected count of 0 with a message is a warning. */
function resultOf(answer: OtlpAnswer, serializer: TraceSerializer): CountedResult {
  const { rejectedSpans, errorMessage } = readAnswer(answer, serializer).partialSuccess ?? {};
  const rejected = Number(rejectedSpans ?? 0);
  if (!(rejected > 0)) return { code: ExportResultCode.SUCCESS };
  return {
    code: ExportResultCode.SUCCESS,
    rejectedSpans: rejected,
    error: new Error(
      `the receiver refused ${rejected} spans of a batch${errorMessage ? `: ${errorMessage}` : ''}`,
    ),
  };
}

/** Some receivers answer nothing, and some JSON whatever they were sent. What cannot be read was no receiver. */
function readAnswer(
  { status, contentType, body }: OtlpAnswer,
  serializer: TraceSerializer,
): IExportTraceServiceResponse {
  if (body.length === 0) return {};
  const isJson = serializer === JsonTraceSerializer || contentType.includes('json');
  try {
    if (contentType.startsWith('text/html')) throw new TypeError('a page');
    // The serializer of JSON takes what it cannot read for nothing.
    return (isJson ? Object(JSON.parse(body.toString())) : serializer.deserializeResponse(body)) ?? {};
  } catch (cause) {
    const type = /^[\w.+/-]{1,60}/.exec(contentType)?.[0] ?? 'no content type';
    throw new Error(
      `what answered ${status} is no OTLP receiver: its answer (${type}) is not OTLP, so the address may be wrong`,
      { cause },
    );
  }
}
