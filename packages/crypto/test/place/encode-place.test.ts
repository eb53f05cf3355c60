import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { appendParts, encodePlace, type PlacePart, placePrefix } from '../../src/place/encode-place';

const text = fc.string({ unit: 'grapheme', minLength: 1 });
const part = fc.oneof(text, fc.maxSafeInteger(), fc.bigInt());
const parts = fc.array(part, { maxLength: 6 });

describe('encodePlace', () => {
  test('never gives two places the same bytes', () => {
    fc.assert(
      fc.property(text, parts, text, parts, (domain, one, otherDomain, other) => {
        const isSame =
          JSON.stringify([domain, ...one.map(String)]) ===
          JSON.stringify([otherDomain, ...other.map(String)]);
        expect(encodePlace(domain, one).equals(encodePlace(otherDomain, other))).toBe(isSame);
      }),
    );
  });

  test.each([
    [
      ['ab', 'c'],
      ['a', 'bc'],
    ],
    [['a', 'b'], ['a,b']],
    [['a'], ['a', 'a']],
    [['a\u0000'], ['a']],
    [['é'], ['e\u0301']],
  ])('tells %j from %j', (one, other) => {
    expect(encodePlace('x', one).equals(encodePlace('x', other))).toBe(false);
  });

  test('writes a number as the text that a driver makes of it', () => {
    const bytes = encodePlace('x', ['42']);
    expect(encodePlace('x', [42])).toEqual(bytes);
    expect(encodePlace('x', [42n])).toEqual(bytes);
    expect(encodePlace('x', [-0])).toEqual(encodePlace('x', [0]));
    expect(encodePlace('x', [Number.MAX_SAFE_INTEGER])).toEqual(encodePlace('x', ['9007199254740991']));
  });

  test('is the same in pieces', () => {
    fc.assert(
      fc.property(text, parts, parts, (domain, first, later) => {
        const inPieces = appendParts(placePrefix(domain, first, later.length), later);
        expect(inPieces).toEqual(encodePlace(domain, [...first, ...later]));
      }),
    );
  });

  test('has not changed: what was encrypted before must stay readable', () => {
    expect(encodePlace('unite.crypto.cell', ['acme', 'contacts', 'email', 7]).toString('hex')).toBe(
      '0005' +
        '0011756e6974652e63727970746f2e63656c6c' +
        '000461636d65' +
        '0008636f6e7461637473' +
        '0005656d61696c' +
        '000137',
    );
  });

  test.each<[string, unknown]>([
    ['empty text', ''],
    ['text with half of a surrogate pair', '\ud800'],
    ['1.5, which is no whole number that is exact', 1.5],
    ['9007199254740992, which is no whole number that is exact', 2 ** 53],
    ['NaN, which is no whole number that is exact', Number.NaN],
    ['null', null],
    ['undefined', undefined],
    ['of type boolean', true],
    ['65536 bytes long; the longest may be 65535', 'x'.repeat(65_536)],
  ])('refuses %s', (what, given) => {
    expect(() => encodePlace('x', [given as PlacePart])).toThrow(
      expect.objectContaining({
        code: 'UNITE_CRYPTO_PLACE_INVALID',
        message: `A tenant, a name or a row id is ${what}`,
      }),
    );
  });

  test('refuses more parts than it can count', () => {
    expect(() => encodePlace('x', Array(65_535).fill('a'))).toThrow('a list of 65536 parts');
  });
});
