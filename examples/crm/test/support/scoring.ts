import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { one } from './quota';

/** What the scorer says of itself. */
interface ScorerState {
  readonly streams: {
    /** Being sent now. */
    readonly open: number;
    /** That were left before their end, so far. */
    readonly left: number;
  };
}

export async function scorerState(): Promise<ScorerState> {
  const answer = await fetch(new URL('/behaviour', process.env.TEST_SCORER_URL));
  return (await answer.json()) as ScorerState;
}

/** Until the scorer is as it should be: it notices by itself who has left. */
export async function scorerHas(isSo: (state: ScorerState) => boolean): Promise<void> {
  const deadlineAtMs = Date.now() + 60_000;
  while (!isSo(await scorerState())) {
    if (Date.now() > deadlineAtMs) throw new Error(`the scorer is at ${JSON.stringify(await scorerState())}`);
  }
}

/** A stream of a score that has begun. */
export interface ScoreStream {
  readonly response: Response;
  /** The next event; nothing after the last. */
  next(): Promise<EventSourceMessage | undefined>;
  /** Reads to the end. */
  rest(): Promise<readonly EventSourceMessage[]>;
  /** Closes the connection, as a browser that leaves. */
  leave(): void;
}

export async function streamScore(contactId: string, workspace: string, origin = one): Promise<ScoreStream> {
  const leaving = new AbortController();
  const response = await fetch(`${origin}/api/contacts/${contactId}/score`, {
    method: 'POST',
    headers: { accept: 'text/event-stream', 'x-demo-workspace': workspace },
    signal: leaving.signal,
  });
  const events = eventsOf(response);
  const next = async () => (await events.next()).value ?? undefined;
  return {
    response,
    next,
    async rest() {
      const all: EventSourceMessage[] = [];
      for (let event = await next(); event; event = await next()) all.push(event);
      return all;
    },
    leave: () => leaving.abort(),
  };
}

/** The pieces of the reason, put together. */
export function heardIn(events: readonly EventSourceMessage[]): string {
  return events
    .filter(({ event }) => event === 'reason')
    .map(({ data }) => (JSON.parse(data) as { text: string }).text)
    .join('');
}

async function* eventsOf({ body }: Response): AsyncGenerator<EventSourceMessage, undefined> {
  const decoder = new TextDecoder();
  const waiting: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => waiting.push(event) });
  const reader = body?.getReader();
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    parser.feed(decoder.decode(read.value, { stream: true }));
    while (waiting.length > 0) yield waiting.shift() as EventSourceMessage;
  }
  return undefined;
}
