import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readCookie } from '../../src/consistency/read-cookie';

test.each([
  ['a=1', '1'],
  ['b=2; a=1; c=3', '1'],
  ['  a = 1 ;b=2', '1'],
  ['a="1"', '1'],
  ['a="', '"'],
  ['a=', ''],
  ['a=1=2', '1=2'],
  ['a=%zz', '%zz'],
  ['a=first; a=second', 'first'],
  ['A=1', undefined],
  [' \ta\t=\t1 ', '1'],
  ['\u00a0a=2; a=1', '1'],
  ['\ufeffa=2; a\u00a0=3; \u000ba=4; a=1', '1'],
  ['a=1\u00a0', '1\u00a0'],
  ['aa=1; ba=2', undefined],
  ['a', undefined],
  ['', undefined],
  [';;;', undefined],
])('in %j, a is %j', (header, value) => {
  expect(readCookie(header, 'a')).toBe(value);
});

test('finds its own among any others, and never throws', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, after) => {
      fc.pre(!/(^|;)[ \t]*seen[ \t]*=/.test(before));
      expect(readCookie(`${before};seen=1.2-3_x;${after}`, 'seen')).toBe('1.2-3_x');
    }),
  );
});
