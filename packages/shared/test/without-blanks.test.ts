import { expect, test } from '@jest/globals';
import { withoutBlanks } from '../src';

test('spaces and tabs go, and nothing else that trim() takes', () => {
  expect(withoutBlanks(' \t__Host-session \t')).toBe('__Host-session');
  expect(withoutBlanks('\u00a0__Host-session\u2003')).toBe('\u00a0__Host-session\u2003');
  expect(withoutBlanks('a b')).toBe('a b');
});
