import {
  type Attributes,
  type Context,
  context,
  isSpanContextValid,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { UniteContext } from '@unite/core';
import { currentContext, deriveContext, runWithContext } from '@unite/core/context';
import { recordThrown } from '../attributes/record-thrown';
import { linkClaim } from '../propagation/claimed-parent';
import { revealOwnSpan } from '../propagation/own-spans';
import type { HeaderReader } from '../propagation/propagation-types';
import { formatTraceParent } from '../propagation/trace-parent';
import type { Tracing } from '../types';
import { knownMethod } from './known-method';
import { requestAttributes } from './request-attributes';
import { serverSpanOf } from './server-span-of';
import { serverTiming } from './server-timing';

/** What the adapters need of a set-up. */
export type ServerTracing = Pick<Tracing, 'tracer' | 'propagation'>;

/** A request, as both adapters see it. */
export interface ServerRequest {
  readonly method: string;
  readonly headers: HeaderReader;
  /** Path without the query. */
  readonly path: string;
  readonly scheme: string;
  /** Value of the header `Host`. */
  readonly host: string | undefined;
  readonly userAgent: string | undefined;
}

/**
 * Starts the server span of a request, or takes over the one that Next.js or an instrumentation of `node:http` has
 * started: two would tell the same thing twice.
 */
export function startServerSpan(
  { tracer, propagation }: ServerTracing,
  request: ServerRequest,
  attributes?: Attributes,
): ServerSpan {
  const unite = currentContext();
  const known = { ...requestAttributes(request, unite), ...attributes };
  const active = context.active();
  const running = serverSpanOf(trace.getSpan(active));
  if (running?.isRecording()) {
    running.setAttributes(known);
    return new ServerSpan(running, { method: request.method, active, unite, isOurs: false });
  }
  const received = propagation.receive(request.headers, active);
  const span = tracer.startSpan(
    methodName(request.method),
    { kind: SpanKind.SERVER, attributes: known },
    received,
  );
  // Where the provider is somebody else's, no processor of ours has done it.
  linkClaim(span, received);
  return new ServerSpan(span, {
    method: request.method,
    active: trace.setSpan(received, span),
    unite,
    isOurs: true,
  });
}

interface Surroundings {
  readonly method: string;
  readonly active: Context;
  readonly unite: UniteContext | undefined;
  readonly isOurs: boolean;
}

/** The span of one request, from its start to the end of its response. */
export class ServerSpan {
  /** Whether it ends here, and not with whoever started it. */
  readonly isOurs: boolean;
  /** `00-<trace id>-<span id>-01`, or `undefined` where the request is not traced. */
  readonly traceparent: string | undefined;
  readonly #span: Span;
  readonly #method: string;
  readonly #active: Context;
  /** The request's context with its trace id. */
  readonly #unite: UniteContext | undefined;

  constructor(span: Span, { method, active, unite, isOurs }: Surroundings) {
    this.#span = span;
    this.#method = method;
    this.#active = active;
    this.isOurs = isOurs;
    const spanContext = span.spanContext();
    if (!isSpanContextValid(spanContext)) {
      this.#unite = unite;
      return;
    }
    this.traceparent = formatTraceParent(spanContext);
    this.#unite = unite && deriveContext(unite, { traceId: spanContext.traceId });
    // The response tells it.
    revealOwnSpan(spanContext);
  }

  /** Runs `work` with the span as the active one, and its trace id in the context of the request. */
  run<Result>(work: () => Result): Result {
    const unite = this.#unite;
    return unite
      ? runWithContext(unite, () => context.with(this.#active, work))
      : context.with(this.#active, work);
  }

  /** Names the span by the template of its route, such as `/api/contacts/[id]`. Without one it keeps its name. */
  named(route: string | undefined, name = route && `${methodName(this.#method)} ${route}`): void {
    if (name !== undefined && this.#span.isRecording()) this.#span.updateName(name);
    if (route !== undefined) this.#set({ 'http.route': route });
  }

  /** The value of `Server-Timing` that tells a browser of the span, and of its route. */
  serverTiming(route: string | undefined): string | undefined {
    return this.traceparent && serverTiming(this.traceparent, route);
  }

  /** Notes the status; from 500 on it is the server that failed (HTTP semantic conventions). */
  answered(status: number): void {
    this.#set({ 'http.response.status_code': status });
    if (status >= 500) this.#markFailed(String(status));
  }

  /** Notes what was thrown. */
  failed(error: unknown): void {
    if (!this.#span.isRecording()) return;
    const { name = typeof error } = recordThrown(this.#span, error);
    this.#markFailed(name);
  }

  /** Notes that the client did not wait for the answer, which is no failure of the server. */
  abandoned(): void {
    this.#set({ 'unite.client_gone': true });
  }

  /** Ends the span, if it is ours. */
  end(): void {
    if (this.isOurs && this.#span.isRecording()) this.#span.end();
  }

  #markFailed(type: string): void {
    if (!this.#span.isRecording()) return;
    this.#span.setStatus({ code: SpanStatusCode.ERROR });
    this.#span.setAttribute('error.type', type);
  }

  /** A span that was taken over may have ended before its response. */
  #set(attributes: Attributes): void {
    if (this.#span.isRecording()) this.#span.setAttributes(attributes);
  }
}

/** Without a template a name has nothing but the method: a path would be a name for each value in it. */
function methodName(method: string): string {
  const known = knownMethod(method);
  return known === '_OTHER' ? 'HTTP' : known;
}
