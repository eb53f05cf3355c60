import type { IncomingMessage } from 'node:http';
import type { Request as ExpressRequest } from 'express';

/** The headers as the Web has them. */
export function headersOf({ headers }: IncomingMessage): Headers {
  return new Headers(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

/** The part of a request that the CRM's validation reads; its body, where there is one, has been read as text. */
export function webRequest(request: ExpressRequest): Request {
  const { method, originalUrl } = request;
  // Of the address only the query counts: the router has matched the rest.
  const query = originalUrl.includes('?') ? originalUrl.slice(originalUrl.indexOf('?')) : '';
  const body = typeof request.body === 'string' ? { body: request.body } : {};
  return new Request(`http://api/${query}`, { method, headers: headersOf(request), ...body });
}
