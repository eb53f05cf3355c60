import type { Attributes } from '@opentelemetry/api';
import type { RouteWrapper } from '@unite/core';
import { currentContext } from '@unite/core/context';
import { afterBody, checkOptions, controlFlowStatus, optionChecks } from '@unite/shared';
import {
  type ServerRequest,
  type ServerSpan,
  type ServerTracing,
  startServerSpan,
} from '../request/server-span';
import { serverTracingCheck } from '../request/server-tracing-check';
import type { AttributeValue } from '../types';
import { withTraceHeaders } from './with-trace-headers';

/** What one route may say for itself; `false` for one that makes no span of its own. */
export interface RouteTracingOptions {
  readonly tracing?:
    | {
        /** Name of the span. @default method and template of the route: `GET /api/contacts/[id]` */
        readonly name?: string | undefined;
        /** Further attributes of the span. */
        readonly attributes?: Readonly<Record<string, AttributeValue>> | undefined;
      }
    | false
    | undefined;
}

/**
 * The server span of every route: started here, or taken over from Next.js, which starts one where its own tracing is
 * on. Goes inside `withContext`, and outside everything that should be seen in the trace.
 *
 * The response gets `traceresponse`, and `Server-Timing` for the browser. The span ends with the body.
 *
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * export const route = compose(withContext({ identify }), withTracing(tracing), withProblems(problems));
 */
export function withTracing(tracing: ServerTracing): RouteWrapper<RouteTracingOptions> {
  checkOptions('withTracing', { tracing }, { tracing: serverTracingCheck }, ['tracing']);
  return (handler, options) => {
    if (options?.tracing === false) return handler;
    const { name, attributes } = options?.tracing ?? {};
    checkOptions('route tracing', options?.tracing ?? {}, checks);

    return async (request, args) => {
      const span = startServerSpan(tracing, describe(request), attributes as Attributes | undefined);
      const route = routeOf(request);
      span.named(route, name);
      return await span.run(async () => {
        try {
          const response = await handler(request, args);
          span.answered(response.status);
          const traced = withTraceHeaders(response, span, route);
          return span.isOurs ? afterBody(traced, () => span.end()) : traced;
        } catch (error) {
          noteThrown(span, error);
          span.end();
          throw error;
        }
      });
    };
  };
}

const checks = { name: optionChecks.string, attributes: optionChecks.object };

function noteThrown(span: ServerSpan, error: unknown): void {
  const status = controlFlowStatus(error);
  if (status === undefined) span.failed(error);
  else if (status > 0) span.answered(status);
}

/** The context's route has the method before the template. Without one, the name that Next.js gives stays. */
function routeOf({ method }: Request): string | undefined {
  const route = currentContext()?.route;
  return route?.startsWith(`${method} `) ? route.slice(method.length + 1) : route;
}

function describe({ method, headers, url }: Request): ServerRequest {
  const { pathname, protocol, host } = new URL(url);
  const forwarded = headers.get('x-forwarded-proto');
  return {
    method,
    headers,
    path: pathname,
    scheme: forwarded === 'http' || forwarded === 'https' ? forwarded : protocol.slice(0, -1),
    host: headers.get('host') ?? host,
    userAgent: headers.get('user-agent') ?? undefined,
  };
}
