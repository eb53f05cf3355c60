import { AsyncResource } from 'node:async_hooks';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Consistency } from '../consistency/types';
import { beforeHead } from './before-head';

/** A middleware by shape: this package does not need Express, nor its types. */
export type ConsistencyMiddleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/**
 * Requests read what their client wrote before, and tell it what they wrote. Goes after `contextMiddleware`
 * and before the routes.
 *
 * The headers are sent at a moment of the handler's choosing, with no time to ask the primary how far its log
 * is: after a statement outside of a transaction the token leaves that to the next reader.
 *
 * @example
 * app.use(contextMiddleware(), consistencyMiddleware(consistency));
 */
export function consistencyMiddleware(consistency: Consistency): ConsistencyMiddleware {
  return (request, response, next) => {
    const { headers } = request;
    const reply = consistency.receive({ headers: { get: (name) => headers[name]?.toString() } });
    // The session is looked up by the request's context, and headers may be sent from a callback outside of it.
    const headersNow = () => {
      const token = reply.tokenNow();
      const added: [name: string, value: string][] = [];
      if (token?.header) added.push([token.header.name, token.header.value]);
      if (token?.setCookie !== undefined) added.push(['Set-Cookie', token.setCookie]);
      return added;
    };
    // The session hangs on the request's context, and the headers may be sent from a callback outside of it.
    beforeHead(response, AsyncResource.bind(headersNow));
    next();
  };
}
