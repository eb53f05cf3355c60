import { describe, expect, test } from '@jest/globals';
import { describeError, errorLine } from '../src/describe-error';

describe('the message', () => {
  test.each<[unknown, string]>([
    [new AggregateError([new Error('one'), new Error('two'), new Error('one')]), 'one; two'],
    [Object.assign(new Error(''), { code: 'ENOENT' }), 'ENOENT'],
    [new RangeError(''), 'RangeError'],
    ['', '"" was thrown'],
    [{ not: 'an error' }, 'an object was thrown'],
    [null, 'null was thrown'],
    [new Error('outer', { cause: 'inner' }), 'outer: inner'],
    [new Error('outer: inner', { cause: new Error('inner') }), 'outer: inner'],
    [
      new Error('at postgres://app:s3cr3t@db/crm and https://a:b@c'),
      'at postgres://***@db/crm and https://***@c',
    ],
  ])('of %p', (thrown, message) => {
    expect(describeError(thrown).message).toBe(message);
  });

  test('goes no deeper than a few causes, and never in circles', () => {
    const nested = [1, 2, 3, 4, 5, 6].reduce((cause, n) => new Error(`e${n}`, { cause }), new Error('e0'));
    expect(describeError(nested).message).toBe('e6: e5: e4: e3');
    const circle = new Error('round');
    circle.cause = circle;
    expect(describeError(circle).message).toBe('round');
  });
});

test('a code is said once', () => {
  expect(errorLine(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }))).toBe(
    'connect ECONNREFUSED',
  );
  expect(errorLine(Object.assign(new Error('gone'), { code: 57 }))).toBe('gone');
});
