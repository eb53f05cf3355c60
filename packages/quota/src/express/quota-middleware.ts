import type { IncomingMessage } from 'node:http';
import { Meter } from '../response/meter';
import type { MeteredQuota, MeterOptions } from '../response/meter-types';
import type { Middleware } from './express-types';

/** Options of `quotaMiddleware`. */
export interface QuotaMiddlewareOptions<Request> extends MeterOptions<Request> {
  readonly quota: MeteredQuota;
}

/**
 * Meters every request that passes, and tells in `RateLimit-Policy` and `RateLimit` how the client stands. A refusal
 * goes to the error middleware: `problemMiddleware` of `@unite/problem` renders it, and Express itself answers it with
 * its status and headers.
 *
 * Units that a concurrency limit counts are reserved, and settled when the response has ended or the client has gone.
 * A request that passes the same middleware twice is charged once; two middlewares charge both.
 *
 * @throws TypeError for an option that is unknown, missing or malformed
 * @example
 * app.use('/api', quotaMiddleware({ quota }));
 * app.post('/api/score', quotaMiddleware({ quota, use: (request) => ({ aiTokens: estimate(request) }) }), score);
 */
export function quotaMiddleware<Request extends IncomingMessage = IncomingMessage>({
  quota,
  ...options
}: QuotaMiddlewareOptions<Request>): Middleware<Request> {
  const meter = new Meter('quotaMiddleware', quota, options);
  const seen = new WeakSet<Request>();

  return (request, response, next) => {
    if (seen.has(request)) return next();
    seen.add(request);
    const key = request.headers['idempotency-key']?.toString();
    const work = meter.admit(request, request.method as string, key).then(({ headers, settle }) => {
      // Answered meanwhile, as at a deadline, or gone.
      if (response.headersSent || response.destroyed) return settle?.();
      if (settle) response.once('close', settle);
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      next();
    });
    work.catch((error) => {
      if (!response.headersSent) next(error);
    });
  };
}
