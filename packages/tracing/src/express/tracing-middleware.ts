import type { ServerResponse } from 'node:http';
import { currentContext } from '@unite/core/context';
import { checkOptions, optionChecks } from '@unite/shared';
import { emitInside, routeReader } from '@unite/shared/express';
import {
  type ServerRequest,
  type ServerSpan,
  type ServerTracing,
  startServerSpan,
} from '../request/server-span';
import { serverTracingCheck } from '../request/server-tracing-check';
import type { ExpressRequest, Middleware } from './express-types';

/** Options of `tracingMiddleware`. */
export interface TracingMiddlewareOptions {
  readonly tracing: ServerTracing;
  /** Whether a request gets no span, as for health checks. @default none */
  readonly skip?: ((request: ExpressRequest) => boolean) | undefined;
}

/**
 * The server span of every request, for Express 4 and 5 and plain connect: started here, or taken over from an
 * instrumentation of `node:http`. Goes behind `contextMiddleware`, and before everything that should be seen in the trace.
 *
 * The span is active in every handler, and in listeners on request and response. Its name is the route's template,
 * which the router knows late: `GET /teams/:team`. It ends with the response; a client that has gone before is noted,
 * and no error. The response gets `traceresponse`, and `Server-Timing` for the browser.
 *
 * @throws TypeError for an option that is unknown, missing or malformed
 * @example
 * app.use(contextMiddleware({ identify }));
 * app.use(tracingMiddleware(tracing));
 */
export function tracingMiddleware(tracing: ServerTracing | TracingMiddlewareOptions): Middleware {
  const options = isOptions(tracing) ? tracing : { tracing };
  checkOptions('tracingMiddleware', options, checks, ['tracing']);
  const { skip } = options;

  return (request, response, next) => {
    if (skip?.(request)) return next();
    const span = startServerSpan(options.tracing, describe(request));
    const route = routeReader(request, currentContext());
    const run = <Result>(work: () => Result) => span.run(work);
    tellInHeaders(response, span, route);
    response.once('close', () => finish(span, response, route()));
    emitInside(request, run);
    emitInside(response, run);
    run(() => {
      try {
        next();
      } catch (error) {
        // A router catches what its handlers throw; without one it arrives here.
        span.failed(error);
        throw error;
      }
    });
  };
}

const checks = { tracing: serverTracingCheck, skip: optionChecks.function };

function isOptions(given: ServerTracing | TracingMiddlewareOptions): given is TracingMiddlewareOptions {
  return typeof given === 'object' && given !== null && 'tracing' in given;
}

function finish(span: ServerSpan, response: ServerResponse, route: string | undefined): void {
  span.named(route);
  if (response.headersSent) span.answered(response.statusCode);
  if (!response.writableFinished) span.abandoned();
  span.end();
}

/** Just before they are sent: by then the route is known, and nobody sets `Server-Timing` any more. */
function tellInHeaders(response: ServerResponse, span: ServerSpan, route: () => string | undefined): void {
  const { traceparent } = span;
  // A router may be behind the middleware twice.
  if (traceparent === undefined || response.getHeader('traceresponse') === traceparent) return;
  response.setHeader('traceresponse', traceparent);
  const writeHead = response.writeHead as (...args: unknown[]) => ServerResponse;
  response.writeHead = (...args: unknown[]) => {
    response.writeHead = writeHead;
    if (!response.headersSent) response.appendHeader('Server-Timing', span.serverTiming(route()) as string);
    return writeHead.apply(response, args);
  };
}

function describe(request: ExpressRequest): ServerRequest {
  const { method = 'GET', headers } = request;
  const isEncrypted = 'encrypted' in request.socket;
  return {
    method,
    headers,
    path: pathOf(request.originalUrl ?? request.url ?? '/'),
    scheme: request.protocol ?? (isEncrypted ? 'https' : 'http'),
    host: headers.host,
    userAgent: headers['user-agent'],
  };
}

function pathOf(url: string): string {
  const end = url.search(/[?#]/);
  return end < 0 ? url : url.slice(0, end);
}
