import { describe, expect, test } from '@jest/globals';
import { type } from 'arktype';
import * as v from 'valibot';
import { z } from 'zod';
import type { ProblemError } from '../../src';
import { problemErrors, readJson, type StandardSchema, validate } from '../../src/validate';
import { exampleProblems } from '../examples';

const problems = exampleProblems();

const schemas: Record<string, StandardSchema> = {
  'zod 4': z.object({ email: z.string().min(3), items: z.array(z.object({ 'a/b': z.number() })) }),
  'valibot 1': v.object({
    email: v.pipe(v.string(), v.minLength(3)),
    items: v.array(v.object({ 'a/b': v.number() })),
  }),
  'arktype 2': type({ email: 'string >= 3', items: type({ 'a/b': 'number' }).array() }),
};

async function failure(work: Promise<unknown>): Promise<ProblemError> {
  return work.then(
    () => {
      throw new Error('expected a failure');
    },
    (error) => error,
  );
}

describe.each(Object.entries(schemas))('%s', (_name, schema) => {
  test('gives the value', async () => {
    const value = { email: 'a@b.c', items: [{ 'a/b': 1 }] };
    expect(await validate(problems, schema, value)).toEqual(value);
  });

  test('says what is wrong with which field', async () => {
    const error = await failure(validate(problems, schema, { email: 'x', items: [{ 'a/b': 'no' }] }));
    expect(error).toMatchObject({ code: 'validation', status: 400 });
    expect(problems.toJSON(error).errors).toEqual([
      { field: 'email', message: expect.stringMatching(/./), pointer: '#/email' },
      { field: 'items[0].a/b', message: expect.stringMatching(/./), pointer: '#/items/0/a~1b' },
    ]);
  });
});

describe('problemErrors', () => {
  test('reads segments of both forms, and issues without a path', () => {
    expect(
      problemErrors([{ message: 'a' }, { message: 'b', path: [{ key: 'x' }, 0, 'y.z', Symbol('s')] }]),
    ).toEqual([
      { field: '', message: 'a', pointer: '#' },
      { field: 'x[0].y.z.Symbol(s)', message: 'b', pointer: '#/x/0/y.z/Symbol(s)' },
    ]);
  });
});

describe('readJson', () => {
  const schema = z.object({ name: z.string() });
  const post = (body: string, contentType = 'application/json'): Request =>
    new Request('https://a.test/x', { method: 'POST', body, headers: { 'content-type': contentType } });

  test('gives the validated body', async () => {
    const body: { name: string } = await readJson(problems, post('{"name":"Ada"}'), schema);
    expect(body).toEqual({ name: 'Ada' });
    expect(await readJson(problems, post('{"name":"Ada"}', 'application/merge-patch+json'), schema)).toEqual(
      body,
    );
  });

  test.each([
    [post('{"name":'), 400, 'about:blank'],
    [post(''), 400, 'about:blank'],
    [post('{}'), 400, 'validation'],
    [post('{}', 'text/plain'), 415, 'about:blank'],
    [post(JSON.stringify({ name: 'x'.repeat(100) })), 413, 'about:blank'],
  ])('refuses %#', async (request, status, code) => {
    expect(await failure(readJson(problems, request, schema, { maxBytes: 50 }))).toMatchObject({
      status,
      code,
    });
  });

  test('can throw another type', async () => {
    const error = await failure(readJson(problems, post('{}'), schema, { type: 'contact-not-found' }));
    expect(error.code).toBe('contact-not-found');
  });
});
