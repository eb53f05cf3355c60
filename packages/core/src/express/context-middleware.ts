import type { IncomingMessage, ServerResponse } from 'node:http';
import { checkOptions, systemClock } from '@unite/shared';
import { trackRoute } from '@unite/shared/express';
import { runWithContext } from '../context/run-with-context';
import { checkIdentity } from '../request/check-identity';
import type { ContextError } from '../request/context-error';
import { type ContextOptions, contextOptionChecks } from '../request/context-options';
import { RequestContext } from '../request/request-context';
import { requestIdFrom, requestIdHeader } from '../request/request-id';
import { RequestLifetime } from '../request/request-lifetime';
import type { Identity, UniteContext } from '../types';
import { muteResponse } from './mute-response';

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
    const lifetime = new RequestLifetime(timeoutMs, undefined, clock);
    const route = trackRoute(request);
    const requestId = requestIdFrom(headerOf(request), acceptRequestId);
    response.setHeader(requestIdHeader, requestId);
    response.once('close', () => {
      lifetime.end();
      if (!response.writableFinished) lifetime.clientGone();
    });
    let answer: ReturnType<NonNullable<typeof identify>>;
    try {
      answer = identify?.(request);
    } catch (error) {
      return refuse(error);
    }
    // One that is there is not waited for.
    if (typeof (answer as PromiseLike<unknown> | null | undefined)?.then === 'function') {
      (answer as Promise<Identity>).then(admit, refuse);
    } else admit(answer as Identity);

    function admit(answered: Identity): void {
      let identity: Identity | undefined;
      try {
        identity = checkIdentity('contextMiddleware', answered);
      } catch (error) {
        refuse(error);
      }
      if (identity) enter(identity);
    }

    function refuse(error: unknown): void {
      enter({}, error ?? new TypeError('contextMiddleware: identify threw nothing'));
    }

    function enter(identity: Identity, error?: unknown): void {
      const fields: UniteContext = {
        requestId,
        ...identity,
        get route() {
          const template = route();
          return template === undefined ? undefined : `${request.method} ${template}`;
        },
        deadlineAtMs: lifetime.deadlineAtMs,
        get signal() {
          return lifetime.signal;
        },
        release,
        state: new Map(),
      };
      const context = new RequestContext(fields, {});
      lifetime.onDeadline = (reason) => runWithContext(context, () => answerAtDeadline(reason));
      runWithContext(context, () => next(error));
    }

    function answerAtDeadline(reason: ContextError): void {
      if (response.headersSent) return;
      next(reason);
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
