import { expect, test } from '@jest/globals';
import { problemStatus } from '../../src/observation/problem-status';

const marked = (status: unknown) => ({ [Symbol.for('unite.problem')]: { status } });
const looped: { cause?: unknown } = {};
looped.cause = looped;

test.each([
  ['a marked error', marked(429), 429],
  ['a cause that is marked', new Error('x', { cause: new Error('y', { cause: marked(404) }) }), 404],
  [
    'one marked too deep',
    new Error('', {
      cause: new Error('', { cause: new Error('', { cause: new Error('', { cause: marked(404) }) }) }),
    }),
    undefined,
  ],
  ['a status that is none', marked(200), undefined],
  ['what http-errors makes', Object.assign(new Error(), { status: 400, statusCode: 400 }), 400],
  ['what says that it may be shown', Object.assign(new Error(), { statusCode: 413, expose: true }), 413],
  ['the status of an answer of somebody else', Object.assign(new Error(), { status: 404 }), undefined],
  ['a plain error', new Error(), undefined],
  ['a text', 'no', undefined],
  ['null', null, undefined],
  ['a cycle', looped, undefined],
  [
    'what throws when it is read',
    new Proxy(
      {},
      {
        get: () => {
          throw new Error();
        },
      },
    ),
    undefined,
  ],
])('%s', (_, thrown, status) => {
  expect(problemStatus(thrown)).toBe(status);
});
