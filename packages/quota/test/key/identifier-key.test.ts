import { describe, expect, it, test } from '@jest/globals';
import { cpuMs } from '@unite/shared/testing';
import fc from 'fast-check';
import { QuotaError } from '../../src/errors';
import { identifierKey } from '../../src/key';

test.each([
  ['ada@example.com', 'ada@example.com'],
  [' Ada@Example.COM', 'ada@example.com'],
  ['ada@example.com.', 'ada@example.com'],
  ['ada@example.com. . ', 'ada@example.com'],
  ['ada@example.com\r\n', 'ada@example.com'],
  ['\u00a0ada@example.com\u3000', 'ada@example.com'],
  ['ａｄａ＠example．com', 'ada@example.com'],
  ['ada@example.com\u2024', 'ada@example.com'],
  ['a\u200bd\u00ada\ufeff@example.com', 'ada@example.com'],
  ['Straße', 'strasse'],
  ['ΟΔΟΣ', 'οδος'],
  ['οδοσ', 'οδος'],
  ['e\u0301', 'é'],
  ['\u212a', 'k'],
  ['J. R. Hartley', 'j. r. hartley'],
  ['😀', '😀'],
])('%p → %p', (text, key) => {
  expect(identifierKey(text)).toBe(key);
});

describe('a long text', () => {
  it('is a digest, whatever its case', () => {
    const key = identifierKey('a'.repeat(65));
    expect(key).toMatch(/^sha256:[\w-]{43}$/);
    expect(identifierKey('A'.repeat(65))).toBe(key);
    expect(identifierKey('a'.repeat(66))).not.toBe(key);
    expect(identifierKey('a'.repeat(64))).toBe('a'.repeat(64));
  });

  it('is one that is still long when all is normalised', () => {
    expect(identifierKey(`${' '.repeat(5_000)}ada${'. '.repeat(5_000)}`)).toBe('ada');
    expect(identifierKey(`a${'\u200b'.repeat(5_000)}da`)).toBe('ada');
    expect(identifierKey('ﷺ'.repeat(64))).toMatch(/^sha256:/);
  });

  it('takes no time that grows with its square', () => {
    const tookMs = cpuMs(() => {
      for (const unit of ['\u0301\u0316', ' a', '. ', '\u200ba']) identifierKey(`x${unit.repeat(200_000)}x`);
    });
    // The first of them alone would take half a minute to normalise.
    expect(tookMs).toBeLessThan(3_000);
  });
});

test.each([
  ['', /may not be empty/],
  [' \t\n', /may not be empty/],
  ['...', /may not be empty/],
  ['\u200b', /may not be empty/],
  ['a\u0000b', /control characters/],
  ['\u0000', /control characters/],
  ['a\nb', /control characters/],
  ['a\u0085', /control characters/],
  ['a\u2028b', /control characters/],
  ['a\ud800b', /control characters/],
  [`${'a'.repeat(20_000)}\u0007a`, /control characters/],
  [undefined, /must be a text, got undefined/],
  [42, /must be a text, got 42/],
  [{ $ne: null }, /must be a text, got an object/],
  [['ada'], /must be a text, got an array/],
])('%p is a bad request', (text, message) => {
  expect(() => identifierKey(text as string)).toThrow(message);
  try {
    identifierKey(text as string);
  } catch (error) {
    expect(QuotaError.isInstance(error) && [error.code, error.status]).toEqual([
      'UNITE_QUOTA_KEY_INVALID',
      400,
    ]);
  }
});

describe('for any text', () => {
  const texts = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary', maxLength: 2_000 }));

  it('has at most 64 characters, or is refused', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const key = keyOrUndefined(text);
        if (key !== undefined) expect(key).toMatch(/^\P{Cc}{1,64}$/u);
      }),
    );
  });

  it('is the same for what differs in case and ends', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z0-9@._-]{1,60}[a-z]$/),
        fc.stringMatching(/^[\s.]*$/),
        (text, end) => {
          fc.pre(text.trim() !== '');
          expect(keyOrUndefined(` ${text.toUpperCase()}${end}`)).toBe(keyOrUndefined(text));
        },
      ),
    );
  });
});

function keyOrUndefined(text: string): string | undefined {
  try {
    return identifierKey(text);
  } catch {
    return undefined;
  }
}
