import type { IncomingMessage, ServerResponse } from 'node:http';

/** What is read of a request of Express 4 and 5; one of plain `node:http` or connect has less. */
export type ExpressRequest = IncomingMessage & {
  readonly originalUrl?: string;
  readonly protocol?: string;
  readonly baseUrl?: string;
  readonly route?: { readonly path?: unknown } | undefined;
  readonly body?: unknown;
};

/** A middleware by shape, for Express 4 and 5: this package does not need Express, nor its types. */
export type Middleware = (
  request: ExpressRequest,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/** An error middleware, by shape. */
export type ErrorMiddleware = (
  error: unknown,
  request: ExpressRequest,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;
