import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { problemPage } from '../src/docs';
import { exampleProblems, requestWith } from './examples';

const problems = exampleProblems({ html: problemPage });
const json = requestWith({ accept: 'application/json' });
const page = requestWith({ accept: 'text/html' });

/** Everything that an answer tells: status line, headers, body. */
async function told(error: unknown): Promise<string> {
  const answers = [problems.respond(error, json), problems.respond(error, page)];
  const texts = answers.map(
    async (answer) => `${answer.status} ${JSON.stringify([...answer.headers])} ${await answer.text()}`,
  );
  return `${(await Promise.all(texts)).join()} ${JSON.stringify(problems.toJSON(error))}`;
}

/** Ways to hide a secret in something that is thrown. */
const hidings: Record<string, (secret: string) => unknown> = {
  message: (secret) => new Error(secret),
  name: (secret) => Object.assign(new Error(), { name: secret }),
  stack: (secret) => Object.assign(new Error(), { stack: secret }),
  cause: (secret) => new Error('a', { cause: new Error('b', { cause: new Error(secret) }) }),
  'own properties': (secret) =>
    Object.assign(new Error(), {
      detail: secret,
      title: secret,
      extensions: { secret },
      headers: { secret },
      body: secret,
      errors: [secret],
    }),
  getter: (secret) => Object.defineProperty(new Error(), 'message', { enumerable: true, get: () => secret }),
  'throwing getters': (secret) =>
    new Proxy(new Error(secret), {
      get: () => {
        throw new Error(secret);
      },
      getPrototypeOf: () => {
        throw new Error(secret);
      },
    }),
  'a proxy that answers everything': (secret) => new Proxy(new Error(secret), { get: () => secret }),
  'an endless prototype': (secret) => {
    const endless: object = new Proxy({ secret }, { getPrototypeOf: () => endless });
    return endless;
  },
  toJSON: (secret) => Object.assign(new Error(), { toJSON: () => ({ secret }), toString: () => secret }),
  'http-errors 5xx': (secret) =>
    Object.assign(new Error(secret), {
      status: 502,
      statusCode: 502,
      expose: true,
      headers: { 'x-secret': secret },
    }),
  'an invalid mark': (secret) => ({
    [Symbol.for('unite.problem')]: { type: secret, status: 200, title: secret, detail: secret },
  }),
  'a throwing mark': (secret) => ({
    get [Symbol.for('unite.problem')]() {
      throw new Error(secret);
    },
  }),
  'cause of a problem': (secret) => problems.error('database-unavailable', { cause: new Error(secret) }),
  aggregate: (secret) => new AggregateError([new Error(secret)], secret),
  'a string': (secret) => secret,
  'a symbol': (secret) => Symbol(secret),
  'a function': (secret) => Object.assign(() => secret, { secret }),
  'a frozen object': (secret) => Object.freeze({ message: secret, type: secret, title: secret }),
  'an object without prototype': (secret) => Object.assign(Object.create(null), { message: secret }),
  'a response': (secret) =>
    new Response(secret, { status: 400, statusText: 'x', headers: { 'x-secret': secret } }),
};

describe('a secret never leaves in a 5xx', () => {
  test.each(Object.keys(hidings))('%s', async (name) => {
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^[a-z]{12,20}$/), async (word) => {
        const secret = `s3cr3t${word}`;
        const error = hidings[name]?.(secret);
        expect(problems.from(error).status).toBeGreaterThanOrEqual(500);
        expect(await told(error)).not.toContain(secret);
      }),
      { numRuns: 30 },
    );
  });

  test('and nothing that can be thrown makes from() throw', () => {
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withNullPrototype: true,
          withSet: true,
        }),
        (value) => {
          expect(problems.from(value).status).toBeGreaterThanOrEqual(400);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe('headers cannot be injected', () => {
  const dangerous = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string().map((text) => `${text}\r\nset-cookie: evil=1`),
    fc.constantFrom(
      '\r\nx: y',
      '\n',
      '\0',
      '\u010a',
      '\u2028',
      'ü',
      'content-type',
      'Transfer-Encoding',
      '__proto__',
      '',
    ),
  );

  test('through detail, title, type, slug, names or values', () => {
    const warnings = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    fc.assert(
      fc.property(dangerous, dangerous, dangerous, (a, b, c) => {
        const source = {
          type: a,
          status: 400,
          title: b,
          detail: c,
          headers: { [a]: b, [b]: c, 'x-safe': 'yes' },
        };
        for (const error of [
          { [Symbol.for('unite.problem')]: source },
          problems.error('validation', {
            detail: a,
            instance: b,
            headers: source.headers,
            extensions: { [c]: a },
          }),
          Object.assign(new Error(a), { status: 400, expose: true, headers: source.headers }),
        ]) {
          const answer = problems.respond(error, requestWith({ accept: 'text/html' }));
          expect(answer.headers.get('x-safe')).toBe('yes');
          expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
          expect(answer.headers.has('set-cookie')).toBe(false);
          expect(answer.headers.has('transfer-encoding')).toBe(false);
          const { headers } = problems.render(error, json);
          for (const [name, value] of Object.entries(headers)) {
            expect(name).toMatch(/^[\w!#$%&'*+\-.^`|~]+$/);
            expect(value).not.toMatch(/[^\t -~\x80-\xff]/);
          }
        }
      }),
      { numRuns: 500 },
    );
    expect(warnings).toHaveBeenCalledTimes(1);
    expect(warnings.mock.calls[0]?.[1]).toMatchObject({ code: 'UNITE_PROBLEM_HEADER_DROPPED' });
    warnings.mockRestore();
  });
});
