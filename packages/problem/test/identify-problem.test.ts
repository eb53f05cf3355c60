import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { defineProblems } from '../src';
import { exampleProblems, requestWith } from './examples';

const problems = exampleProblems();
const mark = Symbol.for('unite.problem');

/** An error class of another package, as house rule 4 has it. */
class QuotaError extends Error {
  constructor(readonly source: unknown) {
    super('internal words');
  }
  get [mark](): unknown {
    return this.source;
  }
}

describe('a marked error', () => {
  test('is rendered without its class', () => {
    const error = new QuotaError({
      type: 'quota-exceeded',
      status: 429,
      title: 'ignored? no: the thrower knows',
      detail: 'Daily quota is used up.',
      headers: { 'Retry-After': '60' },
      extensions: { 'violated-policies': ['daily'], status: 200 },
    });
    const problem = problems.from(error);
    expect(problem).toMatchObject({
      code: 'quota-exceeded',
      status: 429,
      cause: error,
      headers: { 'retry-after': '60' },
    });
    expect(problems.toJSON(error)).toEqual({
      type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
      title: 'ignored? no: the thrower knows',
      status: 429,
      detail: 'Daily quota is used up.',
      'violated-policies': ['daily'],
    });
  });

  test('may be three causes deep, and no deeper', () => {
    const inner = problems.error('contact-not-found', { instance: '/x' });
    let error: Error = inner;
    for (let depth = 1; depth <= 3; depth++) {
      error = new Error('wrapped', { cause: error });
      expect(problems.from(error)).toMatchObject({ status: 404, code: 'contact-not-found' });
    }
    expect(problems.toJSON(error).instance).toBe('/x');
    expect(problems.from(new Error('wrapped', { cause: error })).status).toBe(500);
  });

  test('of an unknown slug gets a URI below the base, of a bad one about:blank', () => {
    const source = { status: 409, title: 'Clash' };
    expect(problems.toJSON(new QuotaError({ ...source, type: 'seat-taken' }))).toMatchObject({
      type: 'https://api.example.com/errors/seat-taken',
      title: 'Clash',
    });
    for (const type of ['No Slug', 'a\r\nb', '', 7, undefined, `https://x/${'y'.repeat(2_000)}`]) {
      expect(problems.toJSON(new QuotaError({ ...source, type }))).toMatchObject({
        type: 'about:blank',
        title: 'Conflict',
      });
    }
  });

  test.each([
    ['a status below 400', { type: 'x', status: 302, title: 'x' }],
    ['a status above 599', { type: 'x', status: 600, title: 'x' }],
    ['a text as status', { type: 'x', status: '404', title: 'x' }],
    ['nothing', undefined],
    ['a text', 'x'],
  ])('with %s is not one', (_name, source) => {
    expect(problems.from(new QuotaError(source)).status).toBe(500);
  });

  test('has its wrong members ignored', () => {
    const source = { type: 'validation', status: 422, title: 7, detail: {}, headers: 'x', extensions: 7 };
    expect(problems.toJSON(new QuotaError(source))).toEqual({
      type: 'https://api.example.com/errors/validation',
      title: 'Unprocessable Content',
      status: 422,
    });
  });

  test('is not one because of a polluted prototype, of any realm', () => {
    const pollution = { type: 'validation', status: 418, title: 'Polluted' };
    const foreign = runInNewContext(
      `Object.prototype[Symbol.for('unite.problem')] = ${JSON.stringify(pollution)}; ({})`,
    );
    expect(problems.from(foreign).status).toBe(500);
    Object.defineProperty(Object.prototype, mark, { value: pollution, configurable: true });
    try {
      expect(problems.from(new Error('x')).status).toBe(500);
      expect(problems.from({}).status).toBe(500);
      expect(problems.from(new QuotaError({ type: 'x', status: 404, title: 'x' })).status).toBe(404);
    } finally {
      delete (Object.prototype as { [mark]?: unknown })[mark];
    }
    expect(problems.from(Object.assign(Object.create(null), { [mark]: pollution })).status).toBe(418);
  });
});

describe('a conventional error', () => {
  test.each([
    [{ status: 404, statusCode: 404, message: 'kept back' }, 404, undefined],
    [{ status: 413, expose: true, message: 'request entity too large' }, 413, 'request entity too large'],
    [
      { statusCode: 400, expose: true, type: 'entity.parse.failed', message: 'Unexpected "hunter2"' },
      400,
      'The request body could not be parsed.',
    ],
    [{ status: 503, statusCode: 503, expose: true, message: 'secret' }, 503, undefined],
    [{ status: 401, message: 'of the server that we called' }, 500, undefined],
    [{ statusCode: 402, message: 'of a payment API' }, 500, undefined],
    [{ status: 200, statusCode: 200 }, 500, undefined],
    [{ name: 'TimeoutError' }, 504, undefined],
    [{ name: 'AbortError' }, 503, undefined],
    [{ name: 'NoName' }, 500, undefined],
  ])('%j means %d', (error, status, detail) => {
    const document = problems.toJSON(Object.assign(new Error(), error));
    expect(document.status).toBe(status);
    expect(document.detail).toBe(detail);
    expect(document.type).toBe('about:blank');
  });

  test('keeps its headers only when it is public', () => {
    const error = { status: 416, statusCode: 416, headers: { 'Content-Range': 'bytes */5' } };
    expect(problems.from(error).headers).toEqual({});
    expect(problems.from({ ...error, expose: true }).headers).toEqual({ 'content-range': 'bytes */5' });
  });

  test('of a client that left is 499, so that no dashboard counts it as our failure', async () => {
    const controller = new AbortController();
    const request = new Request('https://a.test/x', { signal: controller.signal });
    controller.abort();
    const response = problems.respond(controller.signal.reason, request);
    expect(await response.json()).toMatchObject({ status: 499, title: 'Client Closed Request' });
    expect(problems.respond(controller.signal.reason, requestWith({})).status).toBe(503);
  });
});

describe('the option map', () => {
  const mapped = defineProblems({
    baseUrl: '/errors/',
    types: { taken: { status: 409, title: 'Taken', headers: { 'x-a': 'b' } } },
    map: (error) =>
      (error as { code?: string })?.code === '23505'
        ? { type: 'taken', detail: 'Already there.' }
        : undefined,
  });

  test('knows the errors of your libraries', () => {
    const error = Object.assign(new Error('duplicate key value violates …'), { code: '23505' });
    expect(mapped.from(error)).toMatchObject({
      code: 'taken',
      status: 409,
      message: 'Already there.',
      cause: error,
      headers: { 'x-a': 'b' },
    });
    expect(mapped.from(new Error('x')).status).toBe(500);
    expect(mapped.from(mapped.error(404)).status).toBe(404);
  });
});

describe('several problems', () => {
  test('are answered by the one that stops the caller first', () => {
    const of = (...statuses: number[]): number =>
      problems.mostRelevant(statuses.map((status) => problems.error(status))).status;
    expect(of(404, 429, 403, 401, 503)).toBe(503);
    expect(of(404, 429, 403, 401)).toBe(401);
    expect(of(404, 429, 403)).toBe(403);
    expect(of(404, 429)).toBe(429);
    expect(of(404, 409)).toBe(404);
    expect(problems.mostRelevant([]).status).toBe(500);
  });

  test('may come as an AggregateError, nested to a depth', () => {
    const error = new AggregateError([
      problems.error(404),
      new AggregateError([problems.error('contact-not-found'), problems.error(401)]),
    ]);
    expect(problems.from(error)).toMatchObject({ status: 401, cause: error });
    expect(problems.from(new AggregateError([problems.error(404), new Error('x')])).status).toBe(500);
    expect(problems.from(new AggregateError([])).status).toBe(500);
    let deep: unknown = problems.error(404);
    for (let i = 0; i < 9; i++) deep = new AggregateError([deep]);
    expect(problems.from(deep).status).toBe(500);
  });
});

describe('an unknown error', () => {
  test('is an internal one, of the registry where it has that', () => {
    expect(problems.toJSON(new Error('secret'))).toEqual({
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
    });
    const own = defineProblems({ baseUrl: '/e/', types: { internal: { status: 500, title: 'Our fault' } } });
    expect(own.toJSON(new Error('secret'))).toMatchObject({
      type: '/e/internal',
      title: 'Our fault',
      status: 500,
    });
    const odd = defineProblems({ baseUrl: '/e/', types: { internal: { status: 400, title: 'x' } } });
    expect(odd.from(new Error('x')).status).toBe(500);
  });
});
