/**
 * Calls back once when a response has been read to its end, has failed, or is not read on. Its bytes pass as they are,
 * when they are asked for.
 */
export function afterBody(response: Response, done: () => void): Response {
  const { body, status, statusText, headers } = response;
  if (!body) {
    done();
    return response;
  }
  const reader = body.getReader();
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const chunk = await reader.read();
          if (!chunk.done) return controller.enqueue(chunk.value);
          done();
          controller.close();
        } catch (error) {
          done();
          controller.error(error);
        }
      },
      cancel(reason) {
        done();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(stream, { status, statusText, headers });
}
