import { CapturedBody } from '../response/captured-body';
import { isKeptIn304 } from '../response/conditional';
import type { Forwarding, HeadChanges } from '../response/forwarding';
import { type BodyStart, readStart } from './read-start';

/**
 * The handler's response on its way to the client. What is complete is kept at once; a stream once its last byte has
 * gone by, and not at all when it fails or nobody reads it to its end.
 */
export async function captureResponse(
  response: Response,
  forwarding: Forwarding,
  maxBytes: number,
): Promise<Response> {
  const head = { status: response.status, headers: [...response.headers] };
  if (!forwarding.mayStore) return withChanges(response, forwarding.begin(head), response.body);

  const start = await readStart(response.body, maxBytes);
  const captured = new CapturedBody(maxBytes);
  for (const chunk of start.chunks) captured.add(chunk);
  const isWhole = !start.rest && !captured.isTooLarge;
  const changes = forwarding.begin(head, isWhole ? captured.bytes() : undefined);
  if (captured.isTooLarge) forwarding.abandon();
  return withChanges(response, changes, response.body && streamOf(start, captured, forwarding));
}

/** The same bytes in the same order, each noted as it goes by. */
function streamOf(
  { chunks, rest }: BodyStart,
  captured: CapturedBody,
  forwarding: Forwarding,
): ReadableStream<Uint8Array> {
  let next = rest?.next;
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      if (!rest) controller.close();
    },
    async pull(controller) {
      try {
        const { done, value } = (await next) as ReadableStreamReadResult<Uint8Array>;
        if (done) {
          forwarding.end(captured.bytes());
          controller.close();
          return;
        }
        captured.add(value);
        if (captured.isTooLarge) forwarding.abandon();
        controller.enqueue(value);
        next = rest?.reader.read();
      } catch (error) {
        forwarding.abandon();
        controller.error(error);
      }
    },
    async cancel(reason) {
      forwarding.abandon();
      await rest?.reader.cancel(reason);
    },
  });
}

function withChanges(
  response: Response,
  changes: HeadChanges,
  body: ReadableStream<Uint8Array> | null,
): Response {
  const { status, statusText } = response;
  const headers = new Headers(response.headers);
  for (const [name, value] of changes.headers) headers.set(name, value);
  if (changes.status === status) return new Response(body, { status, statusText, headers });
  // Nobody reads it; what was kept of it stays.
  body?.cancel().catch(() => undefined);
  for (const name of [...headers.keys()]) if (!isKeptIn304(name)) headers.delete(name);
  return new Response(null, { status: changes.status, headers });
}
