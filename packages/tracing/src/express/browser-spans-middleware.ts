import { type BrowserSpansOptions, type BrowserSpansTarget, reportReceiver } from '../browser/receive-report';
import type { Middleware } from './express-types';

/**
 * Takes what `startBrowserTracing` sends: 204, or a problem document for what is no report. Spans of traces that this
 * process does not know, or did not keep, are not taken. How often a client may send is for a quota to say.
 *
 * @throws TypeError for an option that is unknown, missing or malformed
 * @example
 * app.post('/api/browser-spans', browserSpansMiddleware(tracing));
 */
export function browserSpansMiddleware(
  tracing: BrowserSpansTarget,
  options: BrowserSpansOptions = {},
): Middleware {
  const receive = reportReceiver('browserSpansMiddleware', tracing, options);
  return async (request, response) => {
    const { headers, body: parsed } = request;
    const answer = await receive({
      contentType: headers['content-type'],
      contentLength: headers['content-length'],
      // A request that is destroyed has no connection to answer on.
      body:
        parsed === undefined ? { chunks: () => request.iterator({ destroyOnReturn: false }) } : { parsed },
    });
    response.writeHead(answer.status, answer.headers).end(answer.body);
  };
}
