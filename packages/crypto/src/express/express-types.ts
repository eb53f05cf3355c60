import type { IncomingMessage, ServerResponse } from 'node:http';

/** A middleware by shape, for Express 4 and 5: this package does not need Express, nor its types. */
export type Middleware<
  Request extends IncomingMessage = IncomingMessage,
  Response extends ServerResponse = ServerResponse,
> = (request: Request, response: Response, next: (error?: unknown) => void) => void;

/** What Express adds to a request, and other frameworks may leave out. */
export interface ExpressRequest extends IncomingMessage {
  /** The URL before a router cut off what it is mounted at. */
  readonly originalUrl?: string | undefined;
}
