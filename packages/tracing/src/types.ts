import type { Context, Tracer } from '@opentelemetry/api';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Clock, CloseOptions, Finding, Redact } from '@unite/core';
import type { ExportOptions, ExportStats } from './exporters/exporter-types';
import type { HeaderReader, PropagationOptions, PropagationStats } from './propagation/propagation-types';
import type { SamplingOptions, SamplingStats } from './sampling/sampling-types';

/** What runs: the resource of every span. */
export interface Service {
  /** `service.name`, such as `crm`. */
  readonly name: string;
  /** `service.version`: a release, such as a git commit. */
  readonly release?: string | undefined;
  /** `deployment.environment.name`, such as `production`. */
  readonly environment?: string | undefined;
  /** `deployment.id`: one roll-out of the release. */
  readonly deployment?: string | undefined;
  /** `service.namespace`: the product that the service is a part of. */
  readonly namespace?: string | undefined;
  /** `service.instance.id`. @default a random UUID */
  readonly instanceId?: string | undefined;
}

/**
 * What is instrumented, by name:
 *
 * - `http`: requests to others through `node:http` and `node:https`.
 * - `http-server`: requests to this process; not needed where an adapter (`/next`, `/express`) makes the server
 *   span, which costs less and knows the route's template. An adapter takes such a span over where there is one.
 * - `undici`: requests to others through `fetch` and undici.
 * - `pg`, `redis`, `ioredis`: statements and commands.
 * - `ai`: the clients of `openai` and `@anthropic-ai/sdk`, patched when they are loaded; others by `traceAiClient`.
 * - `unite`: what the packages of the family tell on their channels.
 */
export type InstrumentationName =
  | 'http'
  | 'http-server'
  | 'undici'
  | 'pg'
  | 'redis'
  | 'ioredis'
  | 'ai'
  | 'unite';

/** Caps on what one span may hold. What is over is cut or dropped, and counted on the span. */
export interface LimitOptions {
  /** Longest text of an attribute, a name or a status message, in UTF-16 units. @default 4_096 */
  readonly maxTextLength?: number | undefined;
  /** @default 128 */
  readonly maxAttributes?: number | undefined;
  /** @default 128 */
  readonly maxEvents?: number | undefined;
  /** @default 32 */
  readonly maxLinks?: number | undefined;
}

/** A scalar or a list of scalars, as spans hold them. */
export type AttributeValue =
  | string
  | number
  | boolean
  | readonly (string | null | undefined)[]
  | readonly (number | null | undefined)[]
  | readonly (boolean | null | undefined)[];

/** Options of `startTracing`. */
export interface TracingOptions {
  readonly service: Service;
  /** Where spans go: `otlp({ url })`, `consoleTree()`, `file({ path })`, a `TraceStore`. @default none */
  readonly exporters?: readonly SpanExporter[] | undefined;
  readonly sampling?: SamplingOptions | undefined;
  /** Names, or instrumentations of your own. @default ['http', 'undici', 'pg', 'redis', 'ioredis', 'ai', 'unite'] */
  readonly instrument?: readonly (InstrumentationName | Instrumentation)[] | undefined;
  readonly propagation?: PropagationOptions | undefined;
  readonly limits?: LimitOptions | undefined;
  /**
   * Runs after the built-in redactor, which masks credentials in URLs, query strings, headers and messages. Is asked for
   * texts of attributes and of events, for status messages (as `otel.status_description`) and for names (as
   * `otel.span.name`; a removed one becomes `[redacted]`).
   */
  readonly redact?: Redact | undefined;
  /** Of the queue between the sampler and each exporter. */
  readonly export?: ExportOptions | undefined;
  /** Further attributes of the resource. */
  readonly attributes?: Readonly<Record<string, AttributeValue>> | undefined;
  /**
   * Whether the set-up is looked at soon after the start, each trouble told once as a `UniteWarning` with its fix.
   * @default true
   */
  readonly selfCheck?: boolean | undefined;
  /** @default the machine's time */
  readonly clock?: Clock | undefined;
}

/** Takes spans that were made elsewhere, as in a browser. */
export interface RemoteSpans {
  /** Takes those of traces that this process has decided to keep, and refuses the others. Never throws. */
  accept(spans: readonly ReadableSpan[]): { readonly accepted: number; readonly refused: number };
}

/** What `startTracing` set up. */
export interface Tracing extends RemoteSpans {
  readonly service: Service;
  /**
   * - `unite`: the providers are ours.
   * - `joined`: another library had registered a provider; its sampling and exporters hold, ours are not used.
   */
  readonly owner: 'unite' | 'joined';
  /** Makes spans by hand; `span` is shorter. */
  readonly tracer: Tracer;
  readonly propagation: Propagation;
  /** What happened so far. Counters never go back. */
  stats(): TracingStats;
  /** Looks at the set-up as it is now: duplicate copies, a second provider, instrumentations that patched nothing. */
  check(): readonly Finding[];
  /** Sends what is decided. Never rejects. */
  flush(options?: CloseOptions): Promise<FlushReport>;
  /**
   * Decides on open traces, sends what is kept, closes the exporters. Idempotent, and never rejects. Goes last, after
   * HTTP has drained.
   */
  close(options?: CloseOptions): Promise<FlushReport>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Reads and writes the trace of a request from and to headers, by the policy of `propagation`. */
export interface Propagation {
  /**
   * The context to start a server span in. Where the parent is trusted the span becomes its child; else it starts a
   * trace of its own, with a link. Malformed headers are ignored and counted.
   */
  receive(headers: HeaderReader, base?: Context): Context;
  stats(): PropagationStats;
}

/** Counters of a process. */
export interface TracingStats {
  readonly spans: {
    readonly started: number;
    readonly ended: number;
  };
  readonly sampling: SamplingStats;
  /** One for each exporter, in order. */
  readonly exporters: readonly ExportStats[];
  readonly propagation: PropagationStats;
}

/** What a flush came to. */
export interface FlushReport {
  /** Spans that exporters took during the flush. */
  readonly exported: number;
  /** Spans that were lost during the flush: refused, or not sent when the time was up. */
  readonly lost: number;
  readonly timedOut: boolean;
}
