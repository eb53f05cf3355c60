import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the next request is answered with, in place of an answer. */
export interface Trouble {
  readonly status: number;
  /** As JSON, unless it is a text. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Speaks the wire formats of OpenAI and Anthropic, event streams included. A body with `fail` is a bad request. */
export interface AiServer {
  readonly url: string;
  /** Bodies of the requests so far, parsed. */
  readonly requests: readonly Record<string, unknown>[];
  /** Answers the next requests with these, one each. */
  fail(...troubles: Trouble[]): void;
  /** Streams stop after their first event, and go on never; resolves for each connection that the client leaves. */
  stall(): void;
  /** The next stream ends with this event. */
  endStreamWith(event: string): void;
  /** Resolves when the client of a stalled stream is gone. */
  readonly left: () => Promise<unknown>;
  close(): Promise<void>;
}

export async function startAiServer(): Promise<AiServer> {
  const requests: Record<string, unknown>[] = [];
  const troubles: Trouble[] = [];
  let isStalling = false;
  let lastEvent: string | undefined;
  let left: Promise<unknown> = Promise.resolve();

  const server = createServer(async (request, response) => {
    const body = await readBody(request);
    requests.push(body);
    const trouble = troubles.shift();
    if (body.fail) return answer(response, 400, {});
    if (trouble) return answer(response, trouble.status, trouble.body, trouble.headers);
    const wire = wires[request.url ?? ''];
    if (!wire) return answer(response, 404, { error: { message: 'no such route' } });
    if (body.stream !== true) return answer(response, 200, wire.answer);
    response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': 'request-1' });
    const events = wire.events(body);
    response.write(events[0]);
    if (isStalling) {
      left = once(response, 'close');
      return;
    }
    for (const event of events.slice(1, lastEvent ? -1 : undefined)) response.write(event);
    response.end(lastEvent);
    lastEvent = undefined;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    fail: (...next) => void troubles.push(...next),
    stall: () => {
      isStalling = true;
    },
    endStreamWith: (event) => {
      lastEvent = event;
    },
    left: () => left,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString());
}

function answer(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'request-1', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** What no span may ever say. */
export const secretAnswer = 'the-answer-is-confidential';

interface Wire {
  readonly answer: unknown;
  readonly events: (body: Record<string, unknown>) => string[];
}

const data = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
const named = (value: { type: string }): string => `event: ${value.type}\n${data(value)}`;

const chatUsage = {
  prompt_tokens: 120,
  completion_tokens: 30,
  total_tokens: 150,
  prompt_tokens_details: { cached_tokens: 100 },
  completion_tokens_details: { reasoning_tokens: 20 },
};

const chunk = (delta: unknown, finishReason: string | null = null) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'gpt-5-2026-01-01',
  choices: [{ index: 0, delta, finish_reason: finishReason }],
});

const chat: Wire = {
  answer: {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'gpt-5-2026-01-01',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: `{"text":"${secretAnswer}"}` },
        finish_reason: 'stop',
      },
    ],
    usage: chatUsage,
  },
  events: ({ stream_options: options }) => [
    data(chunk({ role: 'assistant', content: secretAnswer })),
    data(chunk({ content: ' more' })),
    data(chunk({}, 'stop')),
    ...(options ? [data({ ...chunk({}), choices: [], usage: chatUsage })] : []),
    'data: [DONE]\n\n',
  ],
};

const response = {
  id: 'resp_1',
  object: 'response',
  created_at: 1,
  model: 'gpt-5-2026-01-01',
  status: 'completed',
  output: [
    {
      type: 'message',
      id: 'msg_1',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text: secretAnswer, annotations: [] }],
    },
  ],
  usage: {
    input_tokens: 50,
    input_tokens_details: { cached_tokens: 10 },
    output_tokens: 7,
    output_tokens_details: { reasoning_tokens: 3 },
    total_tokens: 57,
  },
};

const responses: Wire = {
  answer: response,
  events: () => [
    named({
      type: 'response.created',
      ...{ sequence_number: 0, response: { ...response, status: 'in_progress', output: [], usage: null } },
    }),
    named({ type: 'response.completed', ...{ sequence_number: 1, response } }),
  ],
};

const embeddings: Wire = {
  answer: {
    object: 'list',
    model: 'text-embedding-3-small',
    data: [{ object: 'embedding', index: 0, embedding: 'AACAPwAAAEA=' }],
    usage: { prompt_tokens: 5, total_tokens: 5 },
  },
  events: () => [],
};

const message = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-test-1',
  content: [{ type: 'text', text: secretAnswer }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: {
    input_tokens: 20,
    cache_read_input_tokens: 1_000,
    cache_creation_input_tokens: 300,
    output_tokens: 40,
  },
};

const messages: Wire = {
  answer: message,
  events: () => [
    named({
      type: 'message_start',
      ...{
        message: {
          ...message,
          content: [],
          stop_reason: null,
          usage: { ...message.usage, output_tokens: 1 },
        },
      },
    }),
    named({ type: 'content_block_start', ...{ index: 0, content_block: { type: 'text', text: '' } } }),
    named({
      type: 'content_block_delta',
      ...{ index: 0, delta: { type: 'text_delta', text: secretAnswer } },
    }),
    named({ type: 'content_block_stop', ...{ index: 0 } }),
    named({
      type: 'message_delta',
      ...{ delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 40 } },
    }),
    named({ type: 'message_stop' }),
  ],
};

const wires: Readonly<Record<string, Wire>> = {
  '/chat/completions': chat,
  '/responses': responses,
  '/embeddings': embeddings,
  '/v1/messages': messages,
  '/v1/messages?beta=true': messages,
};
