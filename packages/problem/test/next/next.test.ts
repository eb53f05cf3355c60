import { describe, expect, jest, test } from '@jest/globals';
import {
  isControlFlow,
  methodNotAllowed,
  problemNotFound,
  problemOnRequestError,
  withProblems,
} from '../../src/next';
import { exampleProblems, request, requestWith } from '../examples';

const problems = exampleProblems();
const args = { params: Promise.resolve({}) };

describe('withProblems', () => {
  const throwing = (error: unknown) =>
    withProblems(problems)(async () => {
      throw error;
    }, undefined);

  test('answers what is thrown, at once or later', async () => {
    const answer = await throwing(problems.error('contact-not-found'))(request, args);
    expect(await answer.json()).toMatchObject({ status: 404, instance: '/api/contacts' });
    const sync = withProblems(problems)(() => {
      throw new Error('x');
    }, undefined);
    expect((await sync(request, args)).status).toBe(500);
  });

  test('shows a page to a browser', async () => {
    const answer = await throwing(new Error('x'))(requestWith({ accept: 'text/html' }), args);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  });

  test('leaves answers alone, and hands the arguments on', async () => {
    const given = Response.json({}, { status: 422 });
    const handler = jest.fn((..._args: unknown[]) => given);
    expect(await withProblems(problems)(handler, undefined)(request, args)).toBe(given);
    expect(handler).toHaveBeenCalledWith(request, args);
  });

  test.each([
    [{ digest: 'NEXT_REDIRECT;replace;/login;307;' }],
    [{ digest: 'NEXT_HTTP_ERROR_FALLBACK;404' }],
    [{ digest: 'NEXT_NOT_FOUND' }],
    [{ digest: 'DYNAMIC_SERVER_USAGE' }],
    [{ digest: 'BAILOUT_TO_CLIENT_SIDE_RENDERING' }],
    [{ digest: 'HANGING_PROMISE_REJECTION' }],
    [{ code: 'NEXT_STATIC_GEN_BAILOUT' }],
    [{ $$typeof: Symbol.for('react.postpone') }],
  ])('throws %j on', async (marks) => {
    const error = Object.assign(new Error(), marks);
    await expect(throwing(error)(request, args)).rejects.toBe(error);
    const wrapped = new Error('wrapped', { cause: error });
    await expect(throwing(wrapped)(request, args)).rejects.toBe(wrapped);
  });

  test.each([
    [null],
    [undefined],
    ['NEXT_REDIRECT'],
    [new Error('NEXT_REDIRECT')],
    [{ digest: 'unite;x;404' }],
    [{ digest: 7 }],
  ])('does not take %p for control flow', (value) => expect(isControlFlow(value)).toBe(false));

  test('survives what cannot be read', () => {
    expect(
      isControlFlow(
        new Proxy(
          {},
          {
            get: () => {
              throw new Error('x');
            },
          },
        ),
      ),
    ).toBe(false);
  });
});

describe('handlers', () => {
  test('for a catch-all route answer 404', async () => {
    expect(await (await problemNotFound(problems)(request, args)).json()).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      instance: '/api/contacts',
    });
  });

  test('for the methods that a route lacks answer 405 with Allow', async () => {
    const { POST, DELETE } = methodNotAllowed(problems, ['GET', 'PATCH']);
    for (const handler of [POST, DELETE]) {
      const answer = await handler(requestWith({}, 'POST'), args);
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, PATCH, HEAD, OPTIONS']);
    }
    const only = await methodNotAllowed(problems, ['POST']).GET(request, args);
    expect(only.headers.get('allow')).toBe('POST, OPTIONS');
  });
});

describe('problemOnRequestError', () => {
  test('reports failures as problems, and no control flow', async () => {
    const report = jest.fn((_failure: unknown) => undefined);
    const onRequestError = problemOnRequestError(problems, report);
    const error = new Error('x');
    const about = { routePath: '/contacts/[id]', routeType: 'render' };
    await onRequestError(error, { path: '/contacts/1?x=y', method: 'GET' }, about);
    await onRequestError({ digest: 'NEXT_REDIRECT;replace;/;307;' }, { path: '/', method: 'GET' }, about);
    expect(report.mock.calls).toEqual([
      [
        {
          error,
          document: {
            type: 'about:blank',
            title: 'Internal Server Error',
            status: 500,
            instance: '/contacts/1',
          },
          method: 'GET',
          route: '/contacts/[id]',
          routeType: 'render',
        },
      ],
    ]);
  });
});
