import { expect, test } from '@jest/globals';
import { maskArguments } from '../../src/attributes/mask-arguments';

test.each([
  [
    ['--password', 'S3CRET', 'x'],
    ['--password', '[redacted]', 'x'],
  ],
  [
    ['curl', '-u', 'user:S3CRET', 'h:1'],
    ['curl', '-u', 'user:[redacted]', 'h:1'],
  ],
  [
    ['--user', 'ada'],
    ['--user', 'ada'],
  ],
  [
    ['--password', '--verbose', '--name', 'x'],
    ['--password', '--verbose', '--name', 'x'],
  ],
  [
    ['- no token', 'x', null, 'y'],
    ['- no token', 'x', null, 'y'],
  ],
])('%j', (list, masked) => {
  expect(maskArguments(list)).toEqual(masked);
});
