import type { IncomingMessage, ServerResponse } from 'node:http';

/** A middleware by shape, for Express 4 and 5: this package does not need Express, nor its types. */
export type Middleware<Request extends IncomingMessage = IncomingMessage> = (
  request: Request,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/** What happens to a request that is refused. */
export interface RefusalOptions {
  /**
   * `respond` answers with a problem document, so that the package needs no other; `next` leaves that to the error
   * middleware, such as `problemMiddleware` of `@unite/problem`. Without one, Express itself writes each refusal into the
   * log, with its stack.
   *
   * @default 'respond'
   */
  readonly onRefused?: 'respond' | 'next' | undefined;
}
