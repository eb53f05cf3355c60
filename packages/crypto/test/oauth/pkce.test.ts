import { expect, test } from '@jest/globals';
import { challengeOf, randomToken } from '../../src/oauth/pkce';

test('the example of RFC 7636, appendix B', () => {
  expect(challengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
    'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  );
});

test('tokens are 256 bits that fit a verifier, and never the same', () => {
  const tokens = Array.from({ length: 1_000 }, randomToken);
  expect(tokens.every((token) => /^[\w-]{43}$/.test(token))).toBe(true);
  expect(new Set(tokens).size).toBe(1_000);
});
