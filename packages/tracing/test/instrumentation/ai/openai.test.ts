import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import OpenAI, { APIPromise } from 'openai';
import { traceAiClient } from '../../../src/instrumentation/ai';
import { createTestTracing, expectTree, type TestTracing } from '../../../src/testing';
import { type AiServer, secretAnswer, startAiServer } from '../../support/ai-server';
import { collectGarbageUntil } from '../../support/collect-garbage';

const secretPrompt = 'a-confidential-question';
const messages = [{ role: 'user' as const, content: secretPrompt }];
const question = { model: 'gpt-5', messages, max_completion_tokens: 64, temperature: 0.5, top_p: 0.9 };

let tracing: TestTracing;
let server: AiServer;
let openai: OpenAI;
const undici = new UndiciInstrumentation();

beforeAll(() => {
  tracing = createTestTracing();
  undici.setTracerProvider({ getTracer: () => tracing.tracer });
});
afterAll(() => {
  undici.disable();
  tracing.close();
});
beforeEach(async () => {
  server = await startAiServer();
  openai = traceAiClient(new OpenAI({ apiKey: 'sk-test', baseURL: server.url }));
});
afterEach(async () => {
  expect(JSON.stringify(tracing.spans().map(told))).not.toMatch(
    new RegExp(`${secretPrompt}|${secretAnswer}`),
  );
  tracing.reset();
  await server.close();
});

test('tells of a chat: who, what, how much, and the request below it', async () => {
  const answer = await openai.chat.completions.create(question);
  expect(answer.choices[0]?.message.content).toContain(secretAnswer);
  expectTree(
    tracing.spans(),
    `
    chat gpt-5
      POST
  `,
  );
  const span = chatSpan();
  expect(span.kind).toBe(SpanKind.CLIENT);
  expect(span.status.code).toBe(SpanStatusCode.UNSET);
  expect(span.attributes).toEqual({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-5',
    'gen_ai.request.max_tokens': 64,
    'gen_ai.request.temperature': 0.5,
    'gen_ai.request.top_p': 0.9,
    'gen_ai.response.id': 'chatcmpl-1',
    'gen_ai.response.model': 'gpt-5-2026-01-01',
    'gen_ai.response.finish_reasons': ['stop'],
    'gen_ai.usage.input_tokens': 120,
    'gen_ai.usage.output_tokens': 30,
    'gen_ai.usage.cache_read.input_tokens': 100,
    'gen_ai.usage.reasoning.output_tokens': 20,
    'server.address': '127.0.0.1',
    'server.port': Number(new URL(server.url).port),
  });
});

test('stands below the span in which the call was made', async () => {
  await tracing.tracer.startActiveSpan('score lead', async (span) => {
    await openai.chat.completions.create(question);
    span.end();
  });
  expectTree(
    tracing.spans(),
    `
    score lead
      chat gpt-5
        POST
  `,
  );
});

test('gives the same client, whose answers are what they were', async () => {
  const client = new OpenAI({ apiKey: 'sk-test', baseURL: server.url });
  expect(traceAiClient(client)).toBe(client);
  const promise = client.chat.completions.create(question);
  expect(promise).toBeInstanceOf(APIPromise);
  const { data, response, request_id } = await promise.withResponse();
  expect([data.id, response.status, request_id]).toEqual(['chatcmpl-1', 200, 'request-1']);
  expect((await promise).id).toBe('chatcmpl-1');
  expect(server.requests).toHaveLength(1);
  expect(chatSpan().attributes['gen_ai.usage.input_tokens']).toBe(120);
});

test('leaves the body to who takes the raw response, and tells no usage', async () => {
  const response = await openai.chat.completions.create(question).asResponse();
  expect(await response.json()).toMatchObject({ id: 'chatcmpl-1' });
  expect(chatSpan().attributes).not.toHaveProperty('gen_ai.usage.input_tokens');
  expect(chatSpan().attributes).not.toHaveProperty('unite.ai.ended_by');
});

test.each(['catch', 'finally'] as const)('passes %s on', async (name) => {
  await openai.chat.completions.create(question)[name](() => undefined);
  expect(chatSpan().attributes['gen_ai.usage.output_tokens']).toBe(30);
});

test('makes one span of what goes through create', async () => {
  const parsed = await openai.chat.completions.parse(question);
  expect(parsed.choices[0]?.message.content).toContain(secretAnswer);
  const streamed = await openai.chat.completions.stream(question).finalChatCompletion();
  expect(streamed.choices[0]?.message.content).toContain(secretAnswer);
  const answered = await openai.responses.parse({ model: 'gpt-5', input: secretPrompt });
  expect(answered.output_text).toBe(secretAnswer);
  const final = await openai.responses.stream({ model: 'gpt-5', input: secretPrompt }).finalResponse();
  expect(final.output_text).toBe(secretAnswer);
  await openai.chat.completions
    .runTools({ ...question, tools: [] as never[] })
    .done()
    .catch(() => undefined);
  const calls = tracing.spans().filter(({ name }) => name === 'chat gpt-5');
  expect(calls).toHaveLength(server.requests.length);
});

test('tells of a response and of embeddings', async () => {
  await openai.responses.create({ model: 'gpt-5', input: secretPrompt, max_output_tokens: 9 });
  expect(chatSpan().attributes).toMatchObject({
    'gen_ai.request.max_tokens': 9,
    'gen_ai.response.id': 'resp_1',
    'gen_ai.response.finish_reasons': ['completed'],
    'gen_ai.usage.input_tokens': 50,
    'gen_ai.usage.output_tokens': 7,
    'gen_ai.usage.cache_read.input_tokens': 10,
    'gen_ai.usage.reasoning.output_tokens': 3,
  });
  tracing.reset();
  const found = await openai.embeddings.create({
    model: 'text-embedding-3-small',
    input: secretPrompt,
    dimensions: 2,
  });
  expect(found.data[0]?.embedding).toEqual([1, 2]);
  const span = chatSpan();
  expect(span.name).toBe('embeddings text-embedding-3-small');
  expect(span.attributes).toMatchObject({
    'gen_ai.operation.name': 'embeddings',
    'gen_ai.embeddings.dimension.count': 2,
    'gen_ai.usage.input_tokens': 5,
  });
});

test('is one span over retries, which show below it', async () => {
  server.fail(tooMany, tooMany);
  await openai.chat.completions.create(question);
  expectTree(
    tracing.spans(),
    `
    chat gpt-5
      POST
      POST
      POST
  `,
  );
  expect(chatSpan().status.code).toBe(SpanStatusCode.UNSET);
});

test.each([
  [
    { status: 429, body: { error: { code: 'rate_limit_exceeded', message: secretPrompt } } },
    'rate_limit_exceeded',
  ],
  [{ status: 400, body: { error: { type: 'invalid_request_error', code: null } } }, 'invalid_request_error'],
  [{ status: 400, body: { error: { code: `no model "${secretPrompt}"` } } }, '400'],
  [{ status: 500, body: 'down' }, '500'],
])('tells the kind of error %j, without its message', async (trouble, kind) => {
  server.fail(trouble);
  const failing = openai.withOptions({ maxRetries: 0 }).chat.completions.create(question);
  await expect(failing).rejects.toThrow(OpenAI.APIError);
  expect(chatSpan().attributes['error.type']).toBe(kind);
  expect(chatSpan().status).toEqual({ code: SpanStatusCode.ERROR });
  expect(chatSpan().events).toEqual([]);
});

test('tells of an answer that cannot be parsed', async () => {
  server.fail({ status: 200, body: '{"id":' });
  await expect(openai.chat.completions.create(question)).rejects.toThrow('JSON');
  expect(chatSpan().attributes['error.type']).toBe('SyntaxError');
});

test('tells of a server that cannot be reached', async () => {
  const client = traceAiClient(new OpenAI({ apiKey: 'k', baseURL: 'http://127.0.0.1:1', maxRetries: 0 }));
  await expect(client.chat.completions.create(question)).rejects.toThrow();
  expect(chatSpan().attributes).toMatchObject({ 'error.type': 'APIConnectionError', 'server.port': 1 });
});

test('ends the span of a stream with the stream', async () => {
  const stream = await openai.chat.completions.create({
    ...question,
    stream: true,
    stream_options: { include_usage: true },
  });
  expect(stream.controller).toBeInstanceOf(AbortController);
  for await (const chunk of stream) {
    expect(chunk.id).toBe('chatcmpl-1');
    expect(calls()).toHaveLength(0);
  }
  expect(chatSpan().attributes).toMatchObject({
    'gen_ai.request.stream': true,
    'gen_ai.response.finish_reasons': ['stop'],
    'gen_ai.usage.input_tokens': 120,
    'gen_ai.usage.output_tokens': 30,
    'unite.ai.first_chunk_ms': expect.any(Number),
  });
  expect(chatSpan().attributes).not.toHaveProperty('unite.ai.ended_by');
});

test('learns of the stream of a response', async () => {
  for await (const _ of await openai.responses.create({ model: 'gpt-5', input: secretPrompt, stream: true }));
  expect(chatSpan().attributes).toMatchObject({
    'gen_ai.response.finish_reasons': ['completed'],
    'gen_ai.usage.input_tokens': 50,
  });
});

test.each([
  [
    {
      type: 'response.failed',
      response: { object: 'response', status: 'failed', error: { code: 'server_error' } },
    },
    'server_error',
  ],
  [{ type: 'response.failed', response: { object: 'response', status: 'failed' } }, 'failed'],
  [{ type: 'error', code: 'rate_limit_exceeded' }, 'rate_limit_exceeded'],
  [{ type: 'error' }, 'error'],
])('tells of a failure within a stream: %j', async (event, kind) => {
  server.endStreamWith(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  for await (const _ of await openai.responses.create({ model: 'gpt-5', input: '', stream: true }));
  expect(chatSpan().attributes['error.type']).toBe(kind);
  expect(chatSpan().status.code).toBe(SpanStatusCode.ERROR);
});

test('tells of an error that the stream throws', async () => {
  server.endStreamWith('data: {"error":{"code":"server_error","message":"no"}}\n\n');
  const stream = await openai.chat.completions.create({ ...question, stream: true });
  await expect(readAll(stream)).rejects.toThrow();
  await sleep(1);
  expect(calls()).toHaveLength(1);
  expect(chatSpan().attributes['error.type']).toBe('server_error');
});

test('ends the span of a stream that is broken off', async () => {
  server.stall();
  for await (const _ of await openai.chat.completions.create({ ...question, stream: true })) break;
  await server.left();
  expect(chatSpan().attributes['unite.ai.ended_by']).toBe('break');
  expect(chatSpan().status.code).toBe(SpanStatusCode.UNSET);
});

test.each(['before it is read', 'while it is read'])(
  'ends the span of a stream that is aborted %s',
  async (when) => {
    server.stall();
    const stream = await openai.chat.completions.create({ ...question, stream: true });
    const iterator = stream[Symbol.asyncIterator]();
    if (when === 'while it is read') await iterator.next();
    const ended = tracing.waitForSpan(isChat, AbortSignal.timeout(60_000));
    stream.controller.abort();
    const span = await ended;
    expect(span.attributes['unite.ai.ended_by']).toBe('abort');
    expect(span.status.code).toBe(SpanStatusCode.UNSET);
  },
);

test('says that a reader who waits was aborted', async () => {
  server.stall();
  const aborting = new AbortController();
  const stream = await openai.chat.completions.create(
    { ...question, stream: true },
    { signal: aborting.signal },
  );
  for await (const _ of stream) aborting.abort();
  expect(chatSpan().attributes['unite.ai.ended_by']).toBe('abort');
});

test('ends the span of an answer that nobody waits for when it is collected', async () => {
  const ended = tracing.waitForSpan(isChat, AbortSignal.timeout(60_000));
  (() => void openai.chat.completions.create(question))();
  expect((await collectGarbageUntil(ended)).attributes['unite.ai.ended_by']).toBe('unread');
});

test('ends the span of a request that is aborted', async () => {
  const call = openai.chat.completions.create(question, { signal: AbortSignal.abort() });
  await expect(call).rejects.toThrow(OpenAI.APIUserAbortError);
  expect(chatSpan().attributes['unite.ai.ended_by']).toBe('abort');
});

test('follows a stream that is split or piped', async () => {
  const create = () => openai.chat.completions.create({ ...question, stream: true });
  const [left, right] = (await create()).tee();
  expect(await Promise.all([readAll(left), readAll(right)])).toEqual([3, 3]);
  expect(calls()).toHaveLength(1);
  expect(chatSpan().attributes).not.toHaveProperty('unite.ai.ended_by');

  const text = await new Response((await create()).toReadableStream()).text();
  expect(text.trim().split('\n')).toHaveLength(3);
  expect(calls()).toHaveLength(2);
});

test('leaves a stream readable once, as it was', async () => {
  const stream = await openai.chat.completions.create({ ...question, stream: true });
  await readAll(stream);
  await expect(readAll(stream)).rejects.toThrow('consumed');
  expect(calls()).toHaveLength(1);
});

test('traces a copy with other options, by the same name', async () => {
  const groq = traceAiClient(new OpenAI({ apiKey: 'k', baseURL: server.url }), { provider: 'groq' });
  await groq.withOptions({ timeout: 1_000 }).chat.completions.create(question);
  expect(chatSpan().attributes['gen_ai.provider.name']).toBe('groq');
  tracing.reset();
  await traceAiClient(groq, { provider: 'other' }).chat.completions.create(question);
  expect(calls()).toHaveLength(1);
  expect(chatSpan().attributes['gen_ai.provider.name']).toBe('other');
});

const tooMany = { status: 429, body: { error: {} }, headers: { 'retry-after-ms': '1' } };

async function readAll(stream: AsyncIterable<unknown>): Promise<number> {
  let chunks = 0;
  for await (const _ of stream) chunks++;
  return chunks;
}

function calls(): ReadableSpan[] {
  return tracing.spans().filter(isChat);
}

function isChat(span: ReadableSpan): boolean {
  return 'gen_ai.operation.name' in span.attributes;
}

function chatSpan(): ReadableSpan {
  const [span] = calls();
  if (!span) throw new Error(`no span of a call:\n${tracing.tree()}`);
  return span;
}

function told({ name, attributes, events, status }: ReadableSpan): unknown {
  return { name, attributes, events, status };
}
