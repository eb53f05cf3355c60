import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020';
import { defineProblems } from '../src';
import { parseProblem } from '../src/client';
import { exampleProblems, request } from './examples';

/** RFC 9457 Appendix A. JSON Schema for HTTP Problems. */
const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'An RFC 7807 problem object',
  type: 'object',
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    title: { type: 'string' },
    status: { type: 'integer', minimum: 100, maximum: 599 },
    detail: { type: 'string' },
    instance: { type: 'string', format: 'uri-reference' },
  },
};

/** The characters and escapes of RFC 3986 §4.1. */
const uriReference = /^(?:[\w\-.~!$&'()*+,;=:@/?#[\]]|%[\da-f]{2})*$/i;

const ajv = new Ajv2020({ formats: { 'uri-reference': uriReference } });
const isProblem = ajv.compile(schema);

/** RFC 9457 §3, figures 1 and 2. */
const outOfCredit = {
  type: 'https://example.com/probs/out-of-credit',
  title: 'You do not have enough credit.',
  detail: 'Your current balance is 30, but that costs 50.',
  instance: '/account/12345/msgs/abc',
  balance: 30,
  accounts: ['/account/12345', '/account/67890'],
};
const notValid = {
  type: 'https://example.net/validation-error',
  title: 'Your request is not valid.',
  errors: [
    { detail: 'must be a positive integer', pointer: '#/age' },
    { detail: "must be 'green', 'red' or 'blue'", pointer: '#/profile/color' },
  ],
};

describe("the RFC's examples", () => {
  const problems = defineProblems({
    baseUrl: '/errors/',
    context: () => undefined,
    types: {
      'https://example.com/probs/out-of-credit': { status: 403, title: 'You do not have enough credit.' },
      'https://example.net/validation-error': { status: 422, title: 'Your request is not valid.' },
    },
  });

  test('are rendered, match its schema, and are read back with every member', async () => {
    const { detail, instance, balance, accounts } = outOfCredit;
    const credit = problems.error('https://example.com/probs/out-of-credit', {
      detail,
      instance,
      extensions: { balance, accounts },
    });
    const response = problems.respond(credit);
    const document = await response.clone().json();
    expect(document).toEqual({ ...outOfCredit, status: 403 });
    expect(isProblem(document)).toBe(true);
    expect(await parseProblem(response)).toEqual({
      ...{ type: outOfCredit.type, title: outOfCredit.title, status: 403, detail, instance },
      extensions: { balance, accounts },
      documented: true,
    });

    const invalid = problems.error('https://example.net/validation-error', {
      extensions: { errors: notValid.errors },
    });
    const answer = problems.respond(invalid);
    const second = await answer.clone().json();
    expect(second).toEqual({ ...notValid, status: 422 });
    expect(isProblem(second)).toBe(true);
    expect(await parseProblem(answer)).toMatchObject({
      errors: notValid.errors.map(({ detail: message, pointer }) => ({ message, pointer })),
      extensions: { errors: notValid.errors },
    });
  });
});

describe('the schema', () => {
  const problems = exampleProblems();
  test('holds for whatever is thrown', () => {
    const hostile = { url: '/ü |<>"\\^`{}%zz\ud800', headers: new Headers() };
    for (const error of [
      new Error('x'),
      'x',
      problems.error('validation', { detail: 'x', instance: '<>' }),
      problems.error(404),
    ]) {
      for (const from of [request, hostile, undefined]) {
        const document = problems.toJSON(error, from);
        expect([document, isProblem(document)]).toEqual([document, true]);
      }
    }
  });
});
