import { expect, test } from '@jest/globals';
import { judgeOldReads } from '../../../src/testing/hazards/judge-old-reads';

const never = { lastOldAtMs: undefined, toTheEnd: false, reads: 9, threw: undefined };
const briefly = { ...never, lastOldAtMs: 400 };
const forLong = { ...never, lastOldAtMs: 6_000, toTheEnd: true };
const bound = { maxStalenessMs: 5_000 };

test('holds within the bound', () => {
  expect(judgeOldReads({ a: never, b: briefly }, bound)).toEqual({
    holds: true,
    seen: '2 of 2 held, old for at most 0.4 s',
    figures: { a: 'never old', b: 'old for 0.4 s', longestOldMs: 400, failed: 0, played: 2 },
  });
  expect(judgeOldReads({ a: never }, bound).seen).toBe('1 of 1 held, never old');
});

test('names what failed, by how it did', () => {
  const { holds, seen } = judgeOldReads({ a: never, b: forLong, c: forLong, d: { broke: 'threw E' } }, bound);
  expect(holds).toBe(false);
  expect(seen).toBe('3 of 4: b, c (still old after 6.0 s); d (threw E)');
});

test('names nothing where all failed alike', () => {
  const outcomes = { a: forLong, b: forLong, c: { notApplicable: 'no tags' } };
  expect(judgeOldReads(outcomes, bound).seen).toBe('2 of 2: still old after 6.0 s');
});

test('a value that is old beyond the bound and then gone fails as well', () => {
  expect(judgeOldReads({ a: { ...never, lastOldAtMs: 5_500 } }, bound).seen).toBe('1 of 1: old for 5.5 s');
});

test('says what did not happen', () => {
  const { holds, seen, figures } = judgeOldReads({ a: { notApplicable: 'no tags' } }, bound);
  expect([holds, seen, figures.a]).toEqual([undefined, 'not applicable', 'not applicable: no tags']);
  const unread = judgeOldReads({ a: { ...never, reads: 0 }, b: { ...never, threw: 'E' } }, bound);
  expect(unread.figures).toMatchObject({ a: 'no read returned', b: 'never old, a read threw E' });
});
