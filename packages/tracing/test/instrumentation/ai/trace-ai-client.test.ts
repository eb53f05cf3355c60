import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { context, ROOT_CONTEXT, SpanStatusCode } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { type AiClient, traceAiClient } from '../../../src/instrumentation/ai';
import { createTestTracing, type TestTracing } from '../../../src/testing';
import { collectGarbageUntil } from '../../support/collect-garbage';

// Clients that only look like one of the official ones.

let tracing: TestTracing;
beforeAll(() => {
  tracing = createTestTracing();
});
afterEach(() => tracing.reset());
afterAll(() => tracing.close());

const body = { model: 'm' };
const answer = { id: 'a', model: 'm-1', usage: { prompt_tokens: 3 } };

test('waits for a plain promise', async () => {
  const chat = clientOf(async () => answer);
  expect(await chat(body)).toBe(answer);
  expect(onlySpan().attributes).toMatchObject({
    'gen_ai.response.model': 'm-1',
    'gen_ai.usage.input_tokens': 3,
  });
});

test('takes an answer that came at once', () => {
  expect(clientOf(() => answer)(body)).toBe(answer);
  expect(onlySpan().attributes['gen_ai.response.id']).toBe('a');
});

test('is named by the operation where no model is given', async () => {
  await clientOf(async () => answer)();
  expect(onlySpan().name).toBe('chat');
});

test.each([
  [
    'throws',
    () => {
      throw new RangeError('a secret');
    },
  ],
  [
    'rejects',
    async () => {
      throw new RangeError('a secret');
    },
  ],
])('tells the class of what it %s', async (_, create) => {
  await expect(async () => clientOf(create)(body)).rejects.toThrow('a secret');
  expect(onlySpan().attributes['error.type']).toBe('RangeError');
  expect(onlySpan().status).toEqual({ code: SpanStatusCode.ERROR });
});

test('knows nothing of an error that is none', async () => {
  await expect(clientOf(() => Promise.reject(null))(body)).rejects.toBeNull();
  expect(onlySpan().attributes['error.type']).toBe('_OTHER');
});

test('leaves a lazy request lazy, and sends it as often as it is asked for', async () => {
  const send = jest.fn();
  const lazy = (settle: (ok: (value: unknown) => unknown, bad: (error: unknown) => unknown) => unknown) => ({
    // biome-ignore lint/suspicious/noThenProperty: that is what is tested
    then: (ok: (value: unknown) => unknown, bad: (error: unknown) => unknown) => {
      send();
      return settle(ok, bad);
    },
  });
  const request = clientOf(() => lazy((ok) => ok(answer)))(body) as PromiseLike<unknown>;
  expect(send).not.toHaveBeenCalled();
  expect(tracing.spans()).toHaveLength(0);
  expect(await request).toBe(answer);
  expect(send).toHaveBeenCalledTimes(1);
  expect(request.then()).toBe(answer);
  expect(onlySpan().attributes['gen_ai.response.id']).toBe('a');
  tracing.reset();

  const failing = clientOf(() => lazy((_, bad) => bad(new Error('no'))))(body) as PromiseLike<unknown>;
  await expect(failing).rejects.toThrow('no');
  expect(() => failing.then()).toThrow('no');
  expect(onlySpan().attributes['error.type']).toBe('Error');
});

test('follows an async iterable that has only the method of the language', async () => {
  async function* events() {
    yield { id: 'a' };
    yield { usage: { completion_tokens: 2 } };
  }
  const read: unknown[] = [];
  for await (const event of (await clientOf(async () => events())(body)) as AsyncIterable<unknown>)
    read.push(event);
  expect(read).toHaveLength(2);
  expect(onlySpan().attributes).toMatchObject({ 'gen_ai.response.id': 'a', 'gen_ai.usage.output_tokens': 2 });
});

test('hands the rest of an iterator on', async () => {
  const source = (methods: Partial<AsyncIterator<unknown>>): AsyncIterable<unknown> => ({
    [Symbol.asyncIterator]: () => ({ next: async () => ({ done: false, value: {} }), ...methods }),
  });
  const open = async (methods: Partial<AsyncIterator<unknown>>) => {
    const stream = (await clientOf(async () => source(methods))(body)) as AsyncIterable<unknown>;
    const iterator = stream[Symbol.asyncIterator]() as AsyncIterableIterator<unknown>;
    expect(iterator[Symbol.asyncIterator]()).toBe(iterator);
    return iterator;
  };
  expect(await (await open({})).return?.(7)).toEqual({ done: true, value: 7 });
  await expect((await open({})).throw?.(new Error('mine'))).rejects.toThrow('mine');
  const closing = await open({ throw: async () => ({ done: true, value: 8 }) });
  expect(await closing.throw?.(new Error('mine'))).toEqual({ done: true, value: 8 });
  expect(tracing.spans().map(({ attributes }) => attributes['unite.ai.ended_by'])).toEqual([
    'break',
    'break',
    'break',
  ]);
});

test('ends at once what cannot be followed', async () => {
  const frozen = Object.freeze({ [Symbol.asyncIterator]: () => ({}) });
  expect(await clientOf(async () => frozen)(body)).toBe(frozen);
  expect(onlySpan().attributes).not.toHaveProperty('unite.ai.ended_by');
});

test('ends a stream that was aborted before it came', async () => {
  const controller = new AbortController();
  controller.abort();
  const ended = tracing.waitForSpan(() => true, AbortSignal.timeout(60_000));
  await clientOf(async () => ({ controller, [Symbol.asyncIterator]: () => ({}) }))(body);
  expect((await ended).attributes['unite.ai.ended_by']).toBe('abort');
});

test('ends a stream that nobody reads when it is collected, at the time it was last seen', async () => {
  const ended = tracing.waitForSpan(() => true, AbortSignal.timeout(60_000));
  const chat = clientOf(async () => ({ [Symbol.asyncIterator]: () => ({}) }));
  await (async () => void (await chat(body)))();
  const span = await collectGarbageUntil(ended);
  expect(span.attributes['unite.ai.ended_by']).toBe('unread');
});

test('bears answers of any shape', async () => {
  const hostile = {
    get id() {
      throw new Error('no');
    },
  };
  for (const value of [null, undefined, 7, 'text', hostile, { id: 7, usage: 'none', choices: 'none' }]) {
    expect(await clientOf(async () => value)(body)).toBe(value);
  }
  expect(tracing.spans()).toHaveLength(6);
});

test.each([
  ['http://ai.internal/v1', { 'server.address': 'ai.internal', 'server.port': 80 }],
  ['https://ai.internal/v1', { 'server.address': 'ai.internal', 'server.port': 443 }],
  ['https://ai.internal:8443', { 'server.address': 'ai.internal', 'server.port': 8443 }],
  ['not an address', {}],
])('knows the server of %s', async (baseURL, expected) => {
  const completions = { _client: { baseURL }, create: async (_: unknown) => ({}) };
  await traceAiClient({ chat: { completions } }).chat.completions.create({});
  const { 'gen_ai.operation.name': _, 'gen_ai.provider.name': __, ...server } = onlySpan().attributes;
  expect(server).toEqual(expected);
});

test.each([
  [{ input_tokens: 1, cache_creation_input_tokens: 2 }, 3],
  [{ input_tokens: 1, cache_read_input_tokens: 4 }, 5],
  [{ output_tokens: 1 }, undefined],
])('counts the input of %j', async (usage, expected) => {
  await clientOf(async () => ({ usage }))(body);
  expect(onlySpan().attributes['gen_ai.usage.input_tokens']).toBe(expected);
});

test('bounds what a stream adds up', async () => {
  async function* endless() {
    for (const _ of Array(1_000)) yield { choices: [{ finish_reason: 'stop' }] };
  }
  for await (const _ of (await clientOf(async () => endless())(body)) as AsyncIterable<unknown>);
  expect(onlySpan().attributes['gen_ai.response.finish_reasons']).toHaveLength(32);
});

test('does nothing but call where the span is not recorded', async () => {
  const chat = clientOf(async () => answer);
  const promise = context.with(suppressTracing(ROOT_CONTEXT), () => chat(body));
  expect(await promise).toBe(answer);
  expect(tracing.spans()).toHaveLength(0);
});

test('traces a method that is called without its object, and by a tracer that is given', async () => {
  const startSpan = jest.fn(tracing.tracer.startSpan.bind(tracing.tracer));
  const client = { messages: { create: async (_: unknown) => answer, stream: () => 'stream' } };
  const { create, stream } = traceAiClient(client, {
    tracer: { ...tracing.tracer, startSpan } as never,
  }).messages;
  await create(body);
  expect(stream()).toBe('stream');
  expect(startSpan).toHaveBeenCalledTimes(1);
});

test.each([
  [
    {},
    {},
    'client must have chat.completions.create, responses.create, embeddings.create or messages.create, got an object',
  ],
  [undefined, {}, 'got undefined'],
  [{ responses: { create: 'no' } }, {}, 'got an object'],
  [{}, { provider: '' }, 'option "provider" must be a non-empty string, got ""'],
  [{}, { tracer: {} }, 'option "tracer" must be a tracer, got an object'],
  [{}, { recordContent: true }, 'unknown option "recordContent"'],
])('refuses %j with %j', (client, options, message) => {
  expect(() => traceAiClient(client as AiClient, options as object)).toThrow(TypeError);
  expect(() => traceAiClient(client as AiClient, options as object)).toThrow(message);
});

function clientOf(create: (request?: unknown) => unknown): (request?: unknown) => unknown {
  const { completions } = traceAiClient({ chat: { completions: { create } } }).chat;
  return (request) => completions.create(request);
}

function onlySpan(): ReadableSpan {
  const [span, ...others] = tracing.spans();
  expect(others).toEqual([]);
  if (!span) throw new Error('no span');
  return span;
}
