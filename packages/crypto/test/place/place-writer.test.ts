import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodePlace, type PlacePart } from '../../src/place/encode-place';
import { PlaceWriter } from '../../src/place/place-writer';

const cell = ['acme', 'contacts', 'email'] as const;
const id = fc.oneof(
  fc.maxSafeInteger(),
  fc.bigInt(),
  fc.uuid(),
  fc.string({ minLength: 1, maxLength: 70 }),
  fc.string({ minLength: 1, maxLength: 70, unit: 'binary' }),
);

describe('a place writer', () => {
  test('writes what the encoder does, whatever it wrote before', () => {
    const writer = new PlaceWriter('cell', cell);
    fc.assert(
      fc.property(id, (part) => {
        expect(writer.write(part)).toEqual(encodePlace('cell', [...cell, part]));
      }),
      { numRuns: 1_000 },
    );
  });

  test.each<[string, PlacePart]>([
    ['as long as its buffer', 'x'.repeat(64)],
    ['longer', 'x'.repeat(65)],
    ['of characters of two bytes', 'é'.repeat(40)],
    ['that becomes another one only at its end', `${'x'.repeat(40)}é`],
    ['of 1', 1],
    ['of 0, which is -0 too', -0],
  ])('writes an id %s', (_, part) => {
    const writer = new PlaceWriter('cell', cell);
    writer.write('another one before');
    expect(writer.write(part)).toEqual(encodePlace('cell', [...cell, part]));
  });

  test.each([[''], [1.5], [Number.NaN], ['\ud800'], [null], [undefined], [{}]])('refuses %p', (part) => {
    expect(() => new PlaceWriter('cell', cell).write(part as PlacePart)).toThrow(
      expect.objectContaining({ code: 'UNITE_CRYPTO_PLACE_INVALID' }),
    );
  });
});
