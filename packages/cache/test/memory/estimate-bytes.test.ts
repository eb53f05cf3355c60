import { describe, expect, it } from '@jest/globals';
import { estimateBytes } from '../../src/memory/estimate-bytes';

const namesOf = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`id-12-${at}`, at]));

describe('estimateBytes', () => {
  it.each<[string, unknown, number, number]>([
    ['a number', 5, 8, 8],
    ['a string of one byte a character', 'a'.repeat(1_000), 1_000, 1_100],
    ['a string of two', 'я'.repeat(1_000), 2_000, 2_100],
    ['a bigint', 2n ** 256n, 64, 128],
    ['a buffer', Buffer.alloc(100_000), 100_000, 100_300],
    ['a small view of a large buffer', new Uint8Array(100_000).subarray(0, 1), 100_000, 100_300],
    ['an array buffer', new ArrayBuffer(5_000), 5_000, 5_100],
    ['a list of objects', Array.from({ length: 100 }, () => ({ a: 1 })), 100 * 64, 100 * 100],
    ['a row, whose names others share', { id: 1, name: 'Ada', city: 'London' }, 56, 200],
    ['a dictionary, whose names are its own', namesOf(1_000), 1_000 * 100, 1_000 * 160],
    ['a map', new Map([['key', 'x'.repeat(500)]]), 500, 800],
    ['a set', new Set(['x'.repeat(500)]), 500, 800],
    ['one large field among small ones', [...Array(500).keys(), 'x'.repeat(10_000)], 10_000, 20_000],
  ])('knows %s', (_, value, atLeast, atMost) => {
    expect(estimateBytes(value)).toBeGreaterThanOrEqual(atLeast);
    expect(estimateBytes(value)).toBeLessThanOrEqual(atMost);
  });

  it('counts what a value holds twice once, and ends with one that holds itself', () => {
    const shared = 'x'.repeat(1_000);
    const inner = { shared };
    const value: Record<string, unknown> = { one: inner, two: inner };
    value.self = value;
    expect(estimateBytes(value)).toBeLessThan(1_500);
  });

  it('takes the first of very many for the rest', () => {
    const items = Array.from({ length: 200_000 }, (_, index) => ({ index }));
    expect(estimateBytes(items)).toBeGreaterThan(200_000 * 60);
    expect(estimateBytes(items)).toBeLessThan(200_000 * 100);
  });
});
