import type { IncomingMessage, ServerResponse } from 'node:http';

/** What is needed of an Express request: `url` loses the mount path inside a router. */
export type ExpressRequest = IncomingMessage & { readonly originalUrl?: string };

/** An Express middleware that answers, by shape: this package does not need Express, nor its types. */
export type Middleware = (request: ExpressRequest, response: ServerResponse) => void;

/** An Express error middleware, by shape. */
export type ErrorMiddleware = (
  error: unknown,
  request: ExpressRequest,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;
