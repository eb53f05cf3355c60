import type { IncomingMessage, ServerResponse } from 'node:http';
import { checkOptions, systemClock } from '@unite/shared';
import { runWithContext } from '../context/run-with-context';
import { checkIdentity } from '../request/check-identity';
import { ContextError } from '../request/context-error';
import { type ContextOptions, contextOptionChecks } from '../request/context-options';
import { requestIdFrom, requestIdHeader } from '../request/request-id';
import { startLifetime } from '../request/request-lifetime';
import type { Identity, UniteContext } from '../types';
import { muteResponse } from './mute-response';
import { trackRouteTemplate } from './track-route-template';

/** The part of an Express request handler that this middleware is. */
export type ContextMiddleware<Request> = (
  request: Request,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/**
 * Gives every request its context: id, identity, route template, deadline and abort signal. Goes before
 * the other middleware; the response gets `x-request-id`.
 *
 * The route template is known once the router has matched, and reads `undefined` until then. A failing
 * `identify`, and a deadline that passes before the response has begun, go to the error middleware.
 *
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * app.use(contextMiddleware({ identify: readSession, timeoutMs: 10_000 }));
 */
export function contextMiddleware<Request extends IncomingMessage = IncomingMessage>(
  options: ContextOptions<Request> = {},
): ContextMiddleware<Request> {
  checkOptions('contextMiddleware', options, contextOptionChecks);
  const { identify, timeoutMs, acceptRequestId = true, release, clock = systemClock } = options;

  return (request, response, next) => {
    const client = new AbortController();
    const lifetime = startLifetime(timeoutMs, client.signal, clock);
    const route = trackRouteTemplate(request);
    const requestId = requestIdFrom(headerOf(request), acceptRequestId);
    response.setHeader(requestIdHeader, requestId);
    response.once('close', () => {
      lifetime.end();
      if (!response.writableFinished) client.abort(new DOMException('The client went away', 'AbortError'));
    });
    if (identify) void identified(identify).then(([identity, error]) => enter(identity, error));
    else enter({});

    async function identified(identifyRequest: NonNullable<typeof identify>): Promise<[Identity, unknown?]> {
      try {
        return [checkIdentity('contextMiddleware', await identifyRequest(request))];
      } catch (error) {
        return [{}, error ?? new TypeError('contextMiddleware: identify threw nothing')];
      }
    }

    function enter(identity: Identity, error?: unknown): void {
      const context: UniteContext = {
        requestId,
        ...identity,
        get route() {
          return route();
        },
        deadlineAtMs: lifetime.deadlineAtMs,
        signal: lifetime.signal,
        release,
        state: new Map(),
      };
      lifetime.signal.addEventListener('abort', () => runWithContext(context, answerAtDeadline), {
        once: true,
      });
      runWithContext(context, () => next(error));
    }

    function answerAtDeadline(): void {
      if (!ContextError.isInstance(lifetime.signal.reason) || response.headersSent) return;
      next(lifetime.signal.reason);
      if (response.writableEnded) muteResponse(response);
      else response.once('finish', () => muteResponse(response));
    }
  };
}

/** Node joins repeated headers with a comma, which no well-formed id has. */
function headerOf(request: IncomingMessage): string | undefined {
  const header = request.headers[requestIdHeader];
  return Array.isArray(header) ? header.join() : header;
}
