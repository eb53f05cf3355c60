import Anthropic from '@anthropic-ai/sdk';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { SpanStatusCode } from '@opentelemetry/api';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { traceAiClient } from '../../../src/instrumentation/ai';
import { createTestTracing, expectTree, type TestTracing } from '../../../src/testing';
import { type AiServer, secretAnswer, startAiServer } from '../../support/ai-server';

const secretPrompt = 'a-confidential-question';
const question = {
  model: 'claude-test',
  max_tokens: 64,
  temperature: 0.5,
  messages: [{ role: 'user' as const, content: secretPrompt }],
};

let tracing: TestTracing;
let server: AiServer;
let anthropic: Anthropic;
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
  anthropic = traceAiClient(new Anthropic({ apiKey: 'sk-ant-test', baseURL: server.url }));
});
afterEach(async () => {
  expect(
    JSON.stringify(tracing.spans().map((span) => [span.name, span.attributes, span.events])),
  ).not.toMatch(new RegExp(`${secretPrompt}|${secretAnswer}`));
  tracing.reset();
  await server.close();
});

const usage = {
  'gen_ai.response.finish_reasons': ['end_turn'],
  // All of the input: what was read from the cache and what was written to it as well.
  'gen_ai.usage.input_tokens': 1_320,
  'gen_ai.usage.output_tokens': 40,
  'gen_ai.usage.cache_read.input_tokens': 1_000,
  'gen_ai.usage.cache_creation.input_tokens': 300,
};

test('tells of a message, in one span, although the client makes one of its own', async () => {
  const promise = anthropic.messages.create(question);
  const { data, response } = await promise.withResponse();
  expect([data.id, response.status]).toEqual(['msg_1', 200]);
  expectTree(
    tracing.spans(),
    `
    chat claude-test
      POST
  `,
  );
  expect(call().attributes).toEqual({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'anthropic',
    'gen_ai.request.model': 'claude-test',
    'gen_ai.request.max_tokens': 64,
    'gen_ai.request.temperature': 0.5,
    'gen_ai.response.id': 'msg_1',
    'gen_ai.response.model': 'claude-test-1',
    ...usage,
    'server.address': '127.0.0.1',
    'server.port': Number(new URL(server.url).port),
  });
});

test('leaves the spans that the client makes of other calls', async () => {
  await anthropic.messages.create(question);
  tracing.reset();
  await anthropic.messages.countTokens(question).catch(() => undefined);
  expectTree(
    tracing.spans(),
    `
    anthropic.messages.count_tokens
      POST
  `,
  );
});

test('adds a stream up from its events', async () => {
  let events = 0;
  for await (const _ of await anthropic.messages.create({ ...question, stream: true })) events++;
  expect(events).toBe(6);
  expect(call().attributes).toMatchObject({ ...usage, 'unite.ai.first_chunk_ms': expect.any(Number) });
});

test('makes one span of the helper for streams', async () => {
  const final = await anthropic.messages.stream(question).finalMessage();
  expect(final.content).toMatchObject([{ text: secretAnswer }]);
  expectTree(
    tracing.spans(),
    `
    chat claude-test
      POST
  `,
  );
  expect(call().attributes).toMatchObject(usage);
});

test('tells of beta messages and of parsed ones', async () => {
  await anthropic.beta.messages.create(question);
  await anthropic.beta.messages.stream(question).finalMessage();
  await anthropic.messages.parse(question);
  expectTree(
    tracing.spans(),
    `
    chat claude-test
      POST
    chat claude-test
      POST
    chat claude-test
      POST
  `,
  );
  expect(call().attributes).toMatchObject(usage);
});

test('ends with the abort of the helper', async () => {
  server.stall();
  const stream = anthropic.messages.stream(question);
  const ended = tracing.waitForSpan(isCall, AbortSignal.timeout(60_000));
  stream.on('streamEvent', () => stream.abort());
  await expect(stream.done()).rejects.toThrow(Anthropic.APIUserAbortError);
  expect((await ended).attributes).toMatchObject({
    'unite.ai.ended_by': 'abort',
    'gen_ai.response.id': 'msg_1',
    'gen_ai.usage.output_tokens': 1,
  });
});

test('is one span over retries, and tells the kind of error', async () => {
  const overloaded = {
    status: 529,
    body: { type: 'error', error: { type: 'overloaded_error', message: secretPrompt } },
    headers: { 'retry-after-ms': '1' },
  };
  server.fail(overloaded, overloaded, overloaded);
  await expect(anthropic.messages.create(question)).rejects.toThrow(Anthropic.InternalServerError);
  expectTree(
    tracing.spans(),
    `
    chat claude-test
      POST
      POST
      POST
  `,
  );
  expect(call().attributes['error.type']).toBe('overloaded_error');
  expect(call().status).toEqual({ code: SpanStatusCode.ERROR });
});

test('tells of an error event', async () => {
  server.endStreamWith('event: error\ndata: {"type":"error","error":{"type":"overloaded_error"}}\n\n');
  const stream = await anthropic.messages.create({ ...question, stream: true });
  await expect(
    (async () => {
      for await (const _ of stream);
    })(),
  ).rejects.toThrow(Anthropic.APIError);
  expect(call().attributes['error.type']).toBe('overloaded_error');
});

function isCall(span: ReadableSpan): boolean {
  return 'gen_ai.operation.name' in span.attributes;
}

function call(): ReadableSpan {
  const [span] = tracing.spans().filter(isCall);
  if (!span) throw new Error(`no span of a call:\n${tracing.tree()}`);
  return span;
}
