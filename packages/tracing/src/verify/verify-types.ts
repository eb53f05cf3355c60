import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Tracing } from '../types';

/**
 * Looks a trace up at the receiver: how many spans of it there are, 0 where it is not there (yet). Rejects where the
 * receiver cannot be asked.
 */
export type ReadBack = (traceId: string, signal: AbortSignal) => Promise<number>;

/** Options of `verifyTracing`. */
export interface VerifyTracingOptions {
  /** Sends the span that is looked for: the exporter of the application, such as `otlp({ url })`. */
  readonly exporter?: SpanExporter | undefined;
  /** Where that span must arrive: `jaeger({ url })`, or a function. Without, only that it was accepted is known. */
  readonly readBack?: ReadBack | undefined;
  /** A running application: a request to it must leave a trace at the receiver. */
  readonly app?:
    | {
        /** A route that is traced, such as `http://localhost:3000/api/contacts`. */
        readonly url: string;
        readonly headers?: Readonly<Record<string, string>> | undefined;
        /** Looks the request's trace up. @default `readBack` */
        readonly readBack?: ReadBack | undefined;
        /** Least number of spans that the trace must have: the route, and what it asks. @default 2 */
        readonly minSpans?: number | undefined;
      }
    | undefined;
  /** A set-up of this process, to look at as well. */
  readonly tracing?: Pick<Tracing, 'check'> | undefined;
}
