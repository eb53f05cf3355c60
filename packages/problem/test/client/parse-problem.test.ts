import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isProblem, parseProblem, parseProblemDigest } from '../../src/client';
import { exampleProblems, request } from '../examples';

const problems = exampleProblems();

function answer(body: unknown, init: { status?: number; type?: string; url?: string } = {}): Response {
  const { status = 400, type = 'application/problem+json', url } = init;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = new Response(text, { status, headers: { 'content-type': type } });
  return url ? Object.defineProperty(response, 'url', { value: url }) : response;
}

describe('parseProblem', () => {
  test('reads what this package writes', async () => {
    const error = problems.error('validation', {
      detail: 'No.',
      errors: [{ field: 'a', message: 'b', code: 'c' }],
    });
    expect(await parseProblem(problems.respond(error, request))).toEqual({
      type: 'https://api.example.com/errors/validation',
      title: 'Validation Error',
      status: 400,
      detail: 'No.',
      instance: '/api/contacts',
      errors: [{ field: 'a', message: 'b', pointer: '#/a', code: 'c' }],
      extensions: { errors: [{ field: 'a', message: 'b', pointer: '#/a', code: 'c' }] },
      documented: true,
    });
  });

  test('has nothing to say about what is no failure', async () => {
    expect(await parseProblem(new Response('x'))).toBeUndefined();
    expect(await parseProblem(new Response(null, { status: 304 }))).toBeUndefined();
  });

  test.each([
    ['a page of a proxy', answer('<h1>Bad gateway</h1>', { status: 502, type: 'text/html' }), 'Bad Gateway'],
    ['no body', new Response(null, { status: 503 }), 'Service Unavailable'],
    ['broken JSON', answer('{"type":', { status: 500 }), 'Internal Server Error'],
    ['a list', answer([1], { status: 404 }), 'Not Found'],
    ['JSON that is no problem', answer({ message: 'x' }, { type: 'application/json' }), 'Bad Request'],
    ['too much', answer({ title: 'x'.repeat(70_000) }), 'Bad Request'],
    ['an unknown status', new Response('', { status: 477 }), 'Bad Request'],
  ])('makes a problem of %s', async (_name, response, title) => {
    expect(await parseProblem(response)).toEqual({
      type: 'about:blank',
      title,
      status: response.status,
      extensions: {},
      documented: false,
    });
  });

  test('survives a body that was read, or breaks off', async () => {
    const used = answer({ title: 'x' });
    await used.text();
    expect(await parseProblem(used)).toMatchObject({ documented: false });
    const broken = new ReadableStream({ start: (controller) => controller.error(new Error('reset')) });
    expect(await parseProblem(new Response(broken, { status: 500 }))).toMatchObject({ documented: false });
  });

  test('reads plain JSON that looks like a problem', async () => {
    expect(await parseProblem(answer({ title: 'x' }, { type: 'application/json' }))).toMatchObject({
      title: 'x',
      documented: true,
    });
    expect(await parseProblem(answer({ type: 'x:y' }, { type: 'application/vnd.api+json' }))).toMatchObject({
      type: 'x:y',
    });
  });

  test('trusts the real status, and resolves relative references', async () => {
    const body = {
      type: '/errors/validation',
      instance: 'messages/1',
      status: 200,
      requestId: 'r',
      traceId: 't',
    };
    expect(await parseProblem(answer(body, { status: 409, url: 'https://a.test/api/x' }))).toMatchObject({
      type: 'https://a.test/errors/validation',
      instance: 'https://a.test/api/messages/1',
      status: 409,
      requestId: 'r',
      traceId: 't',
    });
    expect(await parseProblem(answer({ type: '//[' }, { url: 'https://a.test/' }))).toMatchObject({
      type: '//[',
    });
  });

  test.each([
    [
      { Email: ['Required', 7], Name: 'Too long' },
      [
        { field: 'Email', message: 'Required' },
        { field: 'Name', message: 'Too long' },
      ],
    ],
    [
      ['bare', null, 7, {}, { detail: 'd', pointer: '#/x' }],
      [{ message: 'bare' }, { message: 'd', pointer: '#/x' }],
    ],
    ['text', undefined],
    [7, undefined],
    [null, undefined],
  ])('reads errors like %j', async (errors, expected) => {
    const problem = await parseProblem(answer({ title: 'x', errors }));
    expect(problem?.errors).toEqual(expected);
    expect(problem?.extensions.errors).toEqual(errors);
  });

  test('never throws and never invents a member, whatever JSON it is fed', async () => {
    const standard = fc.record(
      {
        type: fc.jsonValue(),
        title: fc.jsonValue(),
        status: fc.jsonValue(),
        detail: fc.jsonValue(),
        instance: fc.jsonValue(),
        errors: fc.jsonValue(),
        requestId: fc.jsonValue(),
        traceId: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.json(),
          standard.map((value) => JSON.stringify(value)),
          fc.string(),
        ),
        async (text) => {
          const problem = await parseProblem(answer(text));
          if (!problem) throw new Error('a failed response has a problem');
          const body = asObject(text);
          expect(problem.status).toBe(400);
          expect(problem.type).toBe(isText(body.type) ? body.type : 'about:blank');
          expect(problem.title).toBe(isText(body.title) ? body.title : 'Bad Request');
          for (const name of ['detail', 'instance', 'requestId', 'traceId'] as const) {
            if (problem[name] !== undefined) expect(problem[name]).toBe(body[name]);
          }
          for (const { message } of problem.errors ?? [])
            expect(JSON.stringify(body.errors)).toContain(JSON.stringify(message));
          const { type: _1, title: _2, status: _3, detail: _4, instance: _5, ...others } = body;
          expect(problem.extensions).toEqual(others);
          expect(isProblem(problem)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function asObject(text: string): Record<string, unknown> {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}

describe('isProblem', () => {
  const problem = {
    type: 'https://a.test/errors/validation',
    title: 'x',
    status: 400,
    extensions: {},
    documented: true,
  };

  test('knows a type by URI and by slug', () => {
    expect(isProblem(problem)).toBe(true);
    expect(isProblem(problem, 'validation')).toBe(true);
    expect(isProblem(problem, 'https://a.test/errors/validation')).toBe(true);
    expect(isProblem({ ...problem, type: 'https://iana.org/x#quota-exceeded' }, 'quota-exceeded')).toBe(true);
    expect(isProblem(problem, 'alidation')).toBe(false);
  });

  test.each([
    [undefined],
    [null],
    ['x'],
    [{}],
    [{ ...problem, status: '400' }],
    [{ ...problem, extensions: 1 }],
    [{ ...problem, title: 1 }],
  ])('is false for %j', (value) => expect(isProblem(value)).toBe(false));
});

describe('parseProblemDigest', () => {
  test('reads what survives of an error', () => {
    expect(parseProblemDigest(problems.error('contact-not-found').digest)).toEqual({
      code: 'contact-not-found',
      status: 404,
    });
    expect(parseProblemDigest(problems.error(405).digest)).toEqual({ code: 'about:blank', status: 405 });
  });

  test.each([['NEXT_REDIRECT;replace;/x;307;'], ['unite;x;200'], ['unite;;404'], [undefined], [7]])(
    'ignores %j',
    (digest) => {
      expect(parseProblemDigest(digest)).toBeUndefined();
    },
  );
});
