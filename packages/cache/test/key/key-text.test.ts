import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CacheError } from '../../src/errors';
import { escapePattern } from '../../src/index';
import { keyMatcher } from '../../src/key/key-pattern';
import { keyText } from '../../src/key/key-text';
import type { KeyPart } from '../../src/types';

const part = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('', ':', '*', '%', '%3a', '~', '~s', '1', 'null', 'true', 'a'.repeat(300)),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.bigInt(),
  fc.constant(null),
);

describe('keyText', () => {
  it('shows what the key is of', () => {
    expect(keyText('contacts:acme', ['42', 'ada'])).toBe('contacts:acme:42:ada');
    expect(keyText('contacts', ['42', 1, null, true, 5n])).toBe('contacts:42:1:null:true:5~sn0bb');
    expect(keyText('contacts', [])).toBe('contacts');
  });

  it.each([
    [['1'], [1]],
    [['null'], [null]],
    [['true'], [true]],
    [[1], [1n]],
    [['a', 'b'], ['a:b']],
    [['a'], ['a', '']],
    [['*'], ['%2a']],
    [['x~s'], ['x']],
  ] satisfies [KeyPart[], KeyPart[]][])('tells %j from %j', (one, other) => {
    expect(keyText('k', one)).not.toBe(keyText('k', other));
  });

  it('never gives two lists of parts one key', () => {
    const parts = fc.array(part, { maxLength: 4 });
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const areSame = one.length === other.length && one.every((each, at) => each === other[at]);
        expect(keyText('k', one) === keyText('k', other)).toBe(areSame);
      }),
      { numRuns: 2_000 },
    );
  });

  it('contains nothing that Redis or a terminal would read as something else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(keyText('k', [text])).not.toMatch(/[*{}\n\r\0]/);
      }),
    );
    expect(keyText('k', ['x'.repeat(10_000)]).length).toBeLessThan(60);
  });

  it('refuses what is no list of parts', () => {
    for (const wrong of ['id', { id: 1 }, new Set(['id']), Promise.resolve(['id'])]) {
      expect(() => keyText('users', wrong as never)).toThrow('users: the key must be an array of parts, got');
    }
  });

  it('tells half characters apart, for which UTF-8 has no bytes', () => {
    const texts = [
      '\ud800',
      '\udfff',
      '\ufffd',
      '\ud83d',
      '\ud83d\ude00',
      'x'.repeat(300),
      `${'x'.repeat(300)}\ud800`,
    ];
    const keys = texts.map((text) => Buffer.from(keyText('k', [text])).toString());
    expect(new Set(keys).size).toBe(texts.length);
    expect(keyText('k', ['\ud83d\ude00'])).toBe('k:\ud83d\ude00');
  });

  it.each([
    [undefined, 'undefined'],
    [{}, 'an object'],
    [[1], 'an array'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [() => 1, 'a function'],
    [Symbol('s'), 'Symbol(s)'],
  ])('refuses %p as a part, by name', (wrong, got) => {
    const make = () => keyText('contacts:acme', ['42', wrong as KeyPart]);
    expect(make).toThrow(
      `contacts: part 1 of the key must be a string, a finite number, a boolean, a bigint or null, got ${got}`,
    );
    expect(make).toThrow(CacheError);
  });
});

describe('patterns', () => {
  it('match the text, whatever the types at the end', () => {
    const matches = keyMatcher('contacts:42:*');
    expect(matches(keyText('contacts', ['42', 'x']))).toBe(true);
    expect(matches(keyText('contacts', [42, 1]))).toBe(true);
    expect(matches(keyText('contacts', ['421', 'x']))).toBe(false);
    expect(matches(keyText('other', ['42', 'x']))).toBe(false);
    expect(keyMatcher('contacts:42')(keyText('contacts', [42]))).toBe(true);
    expect(keyMatcher('contacts:4')(keyText('contacts', [42]))).toBe(false);
  });

  it('take no longer than the key is', () => {
    const key = keyText('k', ['a'.repeat(200)]);
    expect(keyMatcher('*a*a*a*a*a*a*ab')(key)).toBe(false);
    expect(keyMatcher(`${'*'.repeat(1_000)}x`)(key)).toBe(false);
    expect(keyMatcher('k:*a*a*')(key)).toBe(true);
    expect(keyMatcher('*:a*1')(keyText('k', ['a', 1]))).toBe(true);
    expect(keyMatcher('k:ab*b')('k:ab')).toBe(false);
  });

  it('take escaped text by the letter', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 20 }),
        fc.string({ unit: 'binary', maxLength: 20 }),
        (wanted, other) => {
          const matches = keyMatcher(`k:${escapePattern(wanted)}`);
          expect(matches(keyText('k', [wanted]))).toBe(true);
          expect(matches(keyText('k', [other]))).toBe(wanted === other);
        },
      ),
    );
  });
});
