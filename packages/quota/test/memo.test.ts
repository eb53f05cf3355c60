import { expect, test } from '@jest/globals';
import { Memo } from '../src/memo';

test('makes what a text stands for once, and begins anew when there are too many', () => {
  const made: string[] = [];
  const memo = new Memo(2, (text) => {
    made.push(text);
    return text.length;
  });
  expect(['a', 'bb', 'a', 'bb'].map((text) => memo.of(text))).toEqual([1, 2, 1, 2]);
  expect(made).toEqual(['a', 'bb']);
  expect(memo.of('ccc')).toBe(3);
  expect([memo.has('a'), memo.has('ccc')]).toEqual([false, true]);
  expect(memo.of('a')).toBe(1);
  expect(made).toEqual(['a', 'bb', 'ccc', 'a']);
});
