import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hashKey } from '../../src/react/hash-key';

const part = fc.oneof(
  fc.string(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
);
const key = fc.oneof(fc.string({ minLength: 1 }), fc.array(part, { minLength: 1 }));

test('keys of equal content are the same, and no others', () => {
  fc.assert(
    fc.property(key, key, (one, other) => {
      expect(hashKey(structuredClone(one))).toBe(hashKey(one));
      // -0 and 0 are one number to everybody who writes a key.
      const normal = (value: unknown) => JSON.stringify(value).replaceAll('-0', '0');
      expect(hashKey(one) === hashKey(other)).toBe(normal(one) === normal(other));
    }),
  );
  expect(hashKey('a')).not.toBe(hashKey(['a']));
  expect(hashKey(['1'])).not.toBe(hashKey([1]));
});

test.each([
  [['a', undefined], 'cache: key[1] must be a string, finite number, boolean or null, got undefined'],
  [['a', {}], 'cache: key[1] must be a string, finite number, boolean or null, got an object'],
  [[[1]], 'cache: key[0] must be a string, finite number, boolean or null, got an array'],
  [[Number.NaN], 'cache: key[0] must be a string, finite number, boolean or null, got NaN'],
  [[Symbol('s')], 'cache: key[0] must be a string, finite number, boolean or null, got Symbol(s)'],
  // biome-ignore lint/suspicious/noSparseArray: a hole is undefined
  [[, 1], 'cache: key[0] must be a string, finite number, boolean or null, got undefined'],
  [[1n], 'cache: key[0] must be a string, finite number, boolean or null, got 1'],
  ['', 'cache: key must be a non-empty string or list, or null, got ""'],
  [[], 'cache: key must be a non-empty string or list, or null, got an array'],
  [7, 'cache: key must be a non-empty string or list, or null, got 7'],
])('refuses %p', (malformed, message) => {
  expect(() => hashKey(malformed as string)).toThrow(new TypeError(message));
});
