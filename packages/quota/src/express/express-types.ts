import type { IncomingMessage, ServerResponse } from 'node:http';

/** A middleware by shape, for Express 4 and 5: this package does not need Express, nor its types. */
export type Middleware<Request extends IncomingMessage = IncomingMessage> = (
  request: Request,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;
