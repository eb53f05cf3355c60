import { expect, test } from '@jest/globals';
import { parseProblem } from '../src/client';
import { problemDocs } from '../src/docs';
import { methodNotAllowedMiddleware, notFoundMiddleware, problemMiddleware } from '../src/express';
import { acceptLanguage } from '../src/languages';
import { methodNotAllowed, problemNotFound, problemOnRequestError, withProblems } from '../src/next';
import { validate } from '../src/validate';
import { exampleProblems } from './examples';

const problems = exampleProblems();

test.each([
  problemMiddleware,
  notFoundMiddleware,
  methodNotAllowedMiddleware,
  withProblems,
  problemNotFound,
  methodNotAllowed,
  problemOnRequestError,
  problemDocs,
] as ((problems: never) => unknown)[])('%p refuses what is no registry when it is made', (adapter) => {
  for (const [given, got] of [
    [undefined, 'undefined'],
    [{ baseUrl: '/errors/', types: {} }, 'an object'],
  ]) {
    expect(() => adapter(given as never)).toThrow(
      new TypeError(`${adapter.name}: problems must be what defineProblems returns, got ${got}`),
    );
  }
});

test('methods are a list', () => {
  expect(() => methodNotAllowed(problems, 'GET' as never)).toThrow(
    `methodNotAllowed: methods must be a list such as ['GET'], got "GET"`,
  );
});

test('a schema is told apart from what is none', async () => {
  await expect(validate(problems, { parse: () => 1 } as never, {})).rejects.toThrow(
    'validate: schema must be a Standard Schema (zod 3.24, valibot 1, arktype 2 or later), got an object',
  );
});

test('a response that nobody has awaited is none', async () => {
  await expect(parseProblem(Promise.resolve(Response.error()) as never)).rejects.toThrow(
    'parseProblem: response must be a Response, got a promise',
  );
});

test('languages have no other options', () => {
  expect(() => acceptLanguage({ language: ['en'] } as never)).toThrow(
    'acceptLanguage: known options are languages and translate, got "language"',
  );
});
