/** How a body ended: it was read to its end, its source failed, or nobody reads on. */
export type BodyEnd =
  | { readonly how: 'read' | 'cancelled' }
  | { readonly how: 'failed'; readonly error: unknown };

/**
 * Calls back once when a response has been read to its end, has failed, or is not read on. Its bytes pass as they are,
 * when they are asked for.
 */
export function afterBody(response: Response, done: (end: BodyEnd) => void): Response {
  const { body, status, statusText, headers } = response;
  if (!body) {
    done({ how: 'read' });
    return response;
  }
  const reader = body.getReader();
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const chunk = await reader.read();
          if (!chunk.done) return controller.enqueue(chunk.value);
          done({ how: 'read' });
          controller.close();
        } catch (error) {
          done({ how: 'failed', error });
          controller.error(error);
        }
      },
      cancel(reason) {
        done({ how: 'cancelled' });
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(stream, { status, statusText, headers });
}
