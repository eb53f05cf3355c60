import { ROOT_CONTEXT } from '@opentelemetry/api';
import { ExportResultCode } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOnSampler,
  BasicTracerProvider,
  type ReadableSpan,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base';
import type { Finding, VerifyRun } from '@unite/core';
import { awaitTrace } from './await-trace';
import type { ReadBack } from './verify-types';

const subject = 'exporter';

/** Sends one span with the nonce through the exporter, and looks for it where it must arrive. */
export async function proveExporter(
  exporter: SpanExporter,
  readBack: ReadBack | undefined,
  { nonce, signal, note }: VerifyRun,
): Promise<Finding[]> {
  note('a span is sent');
  const span = spanWith(nonce);
  const refusal = await exported(exporter, span, signal);
  if (refusal !== undefined) {
    return [
      {
        subject,
        status: 'failed',
        detail: `the receiver did not take a span: ${refusal}`,
        remedy: remedyFor(refusal),
      },
    ];
  }
  if (!readBack) {
    return [
      {
        subject,
        status: 'warned',
        detail: 'the receiver took a span; whether it can be found there was not looked at',
        remedy: "Give verifyTracing a readBack, such as jaeger({ url: 'http://localhost:16686' })",
      },
    ];
  }
  const { traceId } = span.spanContext();
  return [await awaitTrace({ subject, traceId, readBack, minSpans: 1, signal, note })];
}

/** A span of its own, which no sampler and no other set-up of this process can touch. */
function spanWith(nonce: string): ReadableSpan {
  const spans: ReadableSpan[] = [];
  const provider = new BasicTracerProvider({
    sampler: new AlwaysOnSampler(),
    resource: resourceFromAttributes({ 'service.name': 'unite-verify' }),
    spanProcessors: [
      {
        onStart: () => {},
        onEnd: (span) => void spans.push(span),
        forceFlush: async () => {},
        shutdown: async () => {},
      },
    ],
  });
  provider
    .getTracer('@unite/tracing')
    .startSpan('unite verify', { attributes: { 'unite.verify.nonce': nonce } }, ROOT_CONTEXT)
    .end();
  return spans[0] as ReadableSpan;
}

/** @returns why it was not taken, in words */
function exported(
  exporter: SpanExporter,
  span: ReadableSpan,
  signal: AbortSignal,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve('it gave no answer in time'), { once: true });
    try {
      exporter.export([span], ({ code, error }) =>
        resolve(code === ExportResultCode.SUCCESS ? undefined : (error?.message ?? 'no reason was given')),
      );
    } catch (error) {
      resolve(String(error));
    }
  });
}

function remedyFor(refusal: string): string {
  if (/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UNAVAILABLE/.test(refusal)) {
    return 'Start the receiver, or correct the host and port: OTLP over HTTP is port 4318, over gRPC 4317';
  }
  if (/\b404\b|Not Found|UNIMPLEMENTED/i.test(refusal)) {
    return 'Correct the path: OTLP over HTTP is http://<host>:4318/v1/traces';
  }
  if (/certificate|self-signed|SSL|TLS/i.test(refusal)) {
    return 'Trust the certificate of the receiver (NODE_EXTRA_CA_CERTS), or use http:// inside the machine';
  }
  if (/\b40[13]\b|Unauthorized|Forbidden|UNAUTHENTICATED/i.test(refusal)) {
    return 'Correct the credentials in the headers of the exporter';
  }
  return 'Look into the log of the receiver';
}
