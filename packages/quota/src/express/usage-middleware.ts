import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { CloseOptions } from '@unite/core';
import {
  asksForStream,
  documentHeaders,
  streamHeaders,
  type UsageOptions,
  UsageSource,
} from '../response/usage-source';
import type { UsageViewer } from '../response/usage-viewer';
import type { Quota } from '../types';
import type { Middleware } from './express-types';

/** A middleware that owns streams: `close` ends them. */
export type UsageMiddleware = Middleware & { close(options?: CloseOptions): Promise<void> };

/**
 * Answers how the context's tenant stands, as a `UsageDocument`; to `Accept: text/event-stream` with one event now and
 * one after each change, at most one a poll. All who watch a tenant share one read.
 *
 * Goes after what says who the tenant is. `close` goes before that of the quota.
 *
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * app.get('/api/usage', usageMiddleware(quota));
 */
export function usageMiddleware(quota: Pick<Quota, 'usage'>, options: UsageOptions = {}): UsageMiddleware {
  const source = new UsageSource('usageMiddleware', quota, options);

  const middleware: Middleware = (request, response, next) => {
    const isStream = asksForStream(request.headers.accept);
    const work = isStream
      ? source.watch().then((viewer) => sendStream(response, viewer))
      : source.document().then((document) => {
          if (response.headersSent) return;
          response.writeHead(200, documentHeaders).end(JSON.stringify(document));
        });
    work.catch(next);
  };
  return Object.assign(middleware, { close: (closing?: CloseOptions) => source.close(closing) });
}

async function sendStream(response: ServerResponse, viewer: UsageViewer): Promise<void> {
  // Answered meanwhile, as at a deadline, or gone.
  if (response.headersSent || response.destroyed) return viewer.close();
  response.once('close', () => viewer.close());
  response.writeHead(200, streamHeaders);
  response.flushHeaders();
  for await (const frame of viewer) {
    if (!response.write(frame))
      await once(response, 'drain', { signal: viewer.closed }).catch(() => undefined);
  }
  // A client that takes nothing would take no end either.
  if (response.writableNeedDrain) response.destroy();
  else response.end();
}
