import { expect, test } from '@jest/globals';
import { maskQuoted } from '@unite/shared/redaction';
import { maskedException } from '../../src/instrumentation/masked-exception';

test.each([
  ['invalid input syntax for type integer: "Zoe"', 'invalid input syntax for type integer: "?"'],
  ['Key (email)=(ada@example.com) already exists.', 'Key (email)=(?) already exists.'],
  [
    "unknown command 'GTE', with args beginning with: 'Zoe'",
    "unknown command '?', with args beginning with: '?'",
  ],
  ["it can't be, and it isn't", "it can't be, and it isn't"],
  ['unexpected `Zoe', 'unexpected `?`'],
  ['no end "Zoe', 'no end "?"'],
])('%s', (message, masked) => {
  expect(maskQuoted(message)).toBe(masked);
});

test('an exception keeps its name, its code and where it was thrown', () => {
  const error = Object.assign(new RangeError('no "Zoe" here'), { code: 22 });
  const { name, code, message, stack } = maskedException(error);
  expect({ name, code, message }).toEqual({ name: 'RangeError', code: '22', message: 'no "?" here' });
  expect(stack).toMatch(/^RangeError: no "\?" here\n +at /);
  expect(stack).not.toContain('Zoe');
});

test.each([
  ['a "text"', { name: 'Error', message: 'a "?"' }],
  [undefined, { name: 'Error', message: 'undefined' }],
  [null, { name: 'Error', message: 'null' }],
  [{}, { name: 'Error', message: '' }],
])('what is thrown may be anything: %p', (thrown, exception) => {
  expect(maskedException(thrown)).toEqual(exception);
});
