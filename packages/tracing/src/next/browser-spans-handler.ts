import { type BrowserSpansOptions, type BrowserSpansTarget, reportReceiver } from '../browser/receive-report';

/**
 * Takes what `startBrowserTracing` sends: 204, or a problem document for what is no report. Spans of traces that this
 * process does not know, or did not keep, are not taken. How often a client may send is for a quota to say.
 *
 * @throws TypeError for an option that is unknown, missing or malformed
 * @example
 * // app/api/browser-spans/route.ts
 * export const POST = route(browserSpansHandler(tracing), { tracing: false });
 */
export function browserSpansHandler(
  tracing: BrowserSpansTarget,
  options: BrowserSpansOptions = {},
): (request: Request) => Promise<Response> {
  const receive = reportReceiver('browserSpansHandler', tracing, options);
  return async ({ headers: sent, body: stream }) => {
    const { status, headers, body } = await receive({
      contentType: sent.get('content-type') ?? undefined,
      contentLength: sent.get('content-length') ?? undefined,
      body: { chunks: () => chunksOf(stream) },
    });
    return new Response(body ?? null, { status, headers });
  };
}

/** Not every runtime iterates over a stream. */
async function* chunksOf(stream: ReadableStream<Uint8Array> | null): AsyncIterable<Uint8Array> {
  const reader = stream?.getReader();
  try {
    let chunk = await reader?.read();
    while (chunk && !chunk.done) {
      yield chunk.value;
      chunk = await reader?.read();
    }
  } finally {
    await reader?.cancel();
  }
}
