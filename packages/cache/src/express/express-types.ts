import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RouteParameters } from '../response/response-types';

/** What is needed of an Express request, 4 or 5; in a plain Node server the rest is absent. */
export type ExpressRequest = IncomingMessage & {
  readonly originalUrl?: string;
  readonly baseUrl?: string;
  readonly protocol?: string;
  readonly hostname?: string | undefined;
  readonly params?: RouteParameters;
};

/** A middleware by shape: this package does not need Express, nor its types. */
export type CacheMiddleware = (
  request: ExpressRequest,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;
