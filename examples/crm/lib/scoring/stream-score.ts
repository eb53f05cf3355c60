import { apm } from '../apm';
import { problems } from '../unite';
import { scoreContact } from './score-contact';

/** Nothing between here and the browser may collect the pieces, or pack them. */
const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

/**
 * Answers with events: `reason` with a piece of text as the model says it, then `score`, a {@link ContactScore}; or
 * `problem`, a problem document, where that fails in the middle. The score is saved before its event. What this client
 * reads afterwards has it at once in this process, and within the cache's bound in others: the headers that would tell
 * have gone before.
 *
 * @throws whatever fails before the first event, so that it is answered with its status
 */
export async function streamScore(id: string): Promise<Response> {
  const events = new Events();
  const begun = new Promise<void>((resolve) => {
    events.onFirst = resolve;
  });
  const scoring = scoreContact(id, (text) => events.send('reason', { text }));
  await Promise.race([begun, scoring]);
  scoring.then(
    (score) => events.end('score', score),
    (error) => {
      // Who has left is told nothing; and that is no failure.
      if (events.isLeft) return;
      apm.captureError(error);
      events.end('problem', problems.toJSON(error));
    },
  );
  return new Response(events.body, { headers });
}

/** A body of server-sent events. As many as a model says words: nobody is waited for. */
class Events {
  readonly body: ReadableStream<Uint8Array>;
  isLeft = false;
  onFirst: () => void = () => undefined;
  readonly #encoder = new TextEncoder();
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;

  constructor() {
    this.body = new ReadableStream({
      start: (controller) => {
        this.#controller = controller;
      },
      cancel: () => {
        this.isLeft = true;
      },
    });
  }

  send(event: string, data: unknown): void {
    if (this.isLeft) return;
    this.#controller?.enqueue(this.#encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`));
    this.onFirst();
  }

  end(event: string, data: unknown): void {
    this.send(event, data);
    if (!this.isLeft) this.#controller?.close();
  }
}
