import type { RouteWrapper } from '@unite/core';
import { afterBody, checkOptions, describeValue, expects } from '@unite/shared';
import type { Observation } from '../observation/observation-types';
import type { Apm } from '../types';

/** What one route may say for itself; `false` for one that is not observed, such as a health check. */
export interface RouteApmOptions {
  readonly apm?: false | undefined;
}

/**
 * Observes every route: duration, outcome and cost; what is thrown is captured, and goes on. Goes inside `withProblems`,
 * whose document then names the event. A response gets `Server-Timing`. The request ends with the body; a stream of events
 * has no end that says anything, so its request ends when it begins.
 *
 * @throws TypeError for an option that is malformed
 * @example
 * export const route = compose(withContext({ identify }), withProblems(problems), withApm(apm));
 */
export function withApm(apm: Pick<Apm, 'observe'>): RouteWrapper<RouteApmOptions> {
  checkOptions('withApm', { apm }, { apm: expects('what startApm returns', isApm) }, ['apm']);
  return (handler, options) => {
    if (options?.apm === false) return handler;
    return async (request, args) => {
      const observation = apm.observe({ method: request.method });
      return await observation.run(async () => {
        try {
          return observed(checked(await handler(request, args)), observation, request.method);
        } catch (error) {
          observation.failed(error);
          observation.end();
          throw error;
        }
      });
    };
  };
}

function observed(response: Response, observation: Observation, method: string): Response {
  const { status } = response;
  const timed = withTiming(response, observation.serverTiming());
  // Nobody reads the body of an answer to HEAD.
  if (method === 'HEAD' || response.headers.get('content-type')?.startsWith('text/event-stream')) {
    observation.end({ status });
    return timed;
  }
  return afterBody(timed, (end) => {
    if (end.how !== 'failed') return observation.end({ status, isAborted: end.how === 'cancelled' });
    observation.failed(end.error);
    observation.end();
  });
}

/** One of another realm is one too. */
function checked(response: unknown): Response {
  if (response instanceof Response || Object(response).headers instanceof Headers)
    return response as Response;
  throw new TypeError(`withApm: a handler must return a Response, got ${describeValue(response)}`);
}

/** Headers of a response that was fetched, or made by `Response.redirect`, cannot be changed. */
function withTiming(response: Response, timing: string): Response {
  try {
    response.headers.append('Server-Timing', timing);
    return response;
  } catch {
    const { body, status, statusText } = response;
    const copy = new Response(body, { status, statusText, headers: response.headers });
    copy.headers.append('Server-Timing', timing);
    return copy;
  }
}

function isApm(value: unknown): boolean {
  return typeof (value as Partial<Apm> | null)?.observe === 'function';
}
