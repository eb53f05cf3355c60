import type { ServerResponse } from 'node:http';
import type { Answer } from '../response/answer';
import { namesIn } from '../response/cache-control';
import { ResponseCache } from '../response/response-cache';
import { responseSettings } from '../response/response-settings';
import type { IncomingRequest, ResponseCacheOptions } from '../response/response-types';
import { captureResponse } from './capture-response';
import type { CacheMiddleware, ExpressRequest } from './express-types';

/**
 * Answers GET and HEAD requests from the cache, and keeps what the routes after it answer, as a shared cache in
 * front of the application would (RFC 9111). Every response says in `Cache-Status` what happened (RFC 9211).
 *
 * Goes after what must see every request (context, session, quota), and before the routes that it is for. Their
 * errors are answered by Express as ever, and are not kept.
 *
 * @throws TypeError for an option that is unknown, missing or malformed
 * @example
 * app.get('/contacts', cacheMiddleware({ cache, scope: 'tenant', ttlMs: 60_000, tags: () => ['contacts'] }), list);
 */
export function cacheMiddleware(options: ResponseCacheOptions): CacheMiddleware {
  const settings = responseSettings('cacheMiddleware', options);
  const responses = new ResponseCache(settings);
  // The same middleware may stand before a router and before its route; the second one would wait for the first.
  const seen = new WeakSet<ExpressRequest>();

  return (request, response, next) => {
    if (seen.has(request)) return next();
    seen.add(request);
    const work = responses.open(incoming(request)).then((opened) => {
      // Somebody else has answered meanwhile, as for a deadline that has passed.
      if (response.headersSent) return opened.kind === 'forward' && opened.abandon();
      if (opened.kind === 'answer') return send(response, opened, request.method === 'HEAD');
      captureResponse(response, opened, settings.maxBodyBytes);
      // The cache compares itself, with the whole response, which it needs.
      if (opened.mayStore) hideConditions(request, response);
      next();
    });
    work.catch(next);
  };
}

function incoming(request: ExpressRequest): IncomingRequest {
  const {
    method = 'GET',
    headers,
    protocol,
    hostname,
    originalUrl,
    baseUrl = '',
    url = '/',
    params,
  } = request;
  // As they came: the conditions are hidden from the routes.
  const received = { ...headers };
  // Inside a router `url` lacks the mount path; it may also have been written over.
  const current = baseUrl + url;
  return {
    method,
    authority: [protocol, hostname, originalUrl === current ? undefined : originalUrl],
    url: current,
    params: { ...params },
    header: (name) => received[name]?.toString(),
  };
}

function send(response: ServerResponse, answer: Answer, isHead: boolean): void {
  response.statusCode = answer.status;
  for (const [name, value] of answer.headers) {
    const earlier = response.getHeader(name);
    if (name === 'vary' && earlier !== undefined) {
      response.setHeader(name, [...new Set(namesIn(`${earlier},${value}`))].join(', '));
    } else if (name === 'cache-status' && earlier !== undefined) {
      response.setHeader(name, `${earlier}, ${value}`);
    } else {
      response.setHeader(name, value as string | string[]);
    }
  }
  response.end(isHead ? undefined : answer.body);
}

/** Until the response has ended: what logs the request afterwards sees it as it came. */
function hideConditions({ headers }: ExpressRequest, response: ServerResponse): void {
  for (const name of ['if-none-match', 'if-modified-since'] as const) {
    const value = headers[name];
    if (value === undefined) continue;
    delete headers[name];
    response.once('close', () => {
      headers[name] = value;
    });
  }
}
