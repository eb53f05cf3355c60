import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020';
import { problemComponents, problemResponses } from '../../src/openapi';
import { exampleProblems, request } from '../examples';

const problems = exampleProblems({
  context: () => ({ requestId: 'r', traceId: '4bf92f3577b34da6a3ce929d0e0e4736', state: new Map() }),
});
const components = problemComponents(problems);

const ajv = new Ajv2020({ strict: false, formats: { 'uri-reference': true } });
ajv.addSchema({ $id: 'https://api.example.com/openapi', components });
const validatorOf = (name: string) =>
  ajv.compile({ $ref: `https://api.example.com/openapi#/components/schemas/${name}` });

describe('problemComponents', () => {
  test('describe every document that is really sent', async () => {
    for (const { slug } of problems.registry) {
      const name = Object.keys(components.schemas).find(
        (key) => key.toLowerCase() === `${slug.replace(/[^A-Za-z0-9]/g, '')}problem`.toLowerCase(),
      ) as string;
      const error = problems.error(slug as 'validation', {
        detail: 'd',
        errors: Array.from({ length: 101 }, () => ({ field: 'a', message: 'b' })),
      });
      const document = (await problems.respond(error, request).json()) as object;
      const validate = validatorOf(name);
      expect([name, validate(document), validate.errors]).toEqual([name, true, null]);
      expect(validatorOf('Problem')(document)).toBe(true);
      const wrong = { ...document, status: 418 };
      expect(validate(wrong)).toBe(false);
    }
    expect(validatorOf('Problem')({ title: 'x' })).toBe(false);
  });

  test('have responses with headers and an example', () => {
    expect(components.responses.DatabaseUnavailableProblem).toMatchObject({
      description: 'Database unavailable',
      headers: { 'Retry-After': { schema: { type: 'string' }, example: '5' } },
      content: {
        'application/problem+json': {
          schema: { $ref: '#/components/schemas/DatabaseUnavailableProblem' },
          example: { status: 503 },
        },
      },
    });
    for (const name of [...Object.keys(components.schemas), ...Object.keys(components.responses)]) {
      expect(name).toMatch(/^[a-zA-Z0-9.\-_]+$/);
    }
  });
});

describe('problemResponses', () => {
  test('are by status, with alternatives', () => {
    expect(
      problemResponses(problems, ['validation', 'contact-not-found', 'idempotency-key-missing']),
    ).toEqual({
      400: {
        description: 'Validation Error, or Idempotency key missing',
        content: {
          'application/problem+json': {
            schema: {
              oneOf: [
                { $ref: '#/components/schemas/ValidationProblem' },
                { $ref: '#/components/schemas/IdempotencyKeyMissingProblem' },
              ],
            },
          },
        },
      },
      404: { $ref: '#/components/responses/ContactNotFoundProblem' },
    });
    expect(() => problemResponses(problems, ['nope'])).toThrow(TypeError);
  });
});
