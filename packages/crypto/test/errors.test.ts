import { describe, expect, test } from '@jest/globals';
import { CryptoError } from '../src';

const problemKey = Symbol.for('unite.problem');

describe('CryptoError', () => {
  test('is known across copies, and survives server components by its digest', () => {
    const error = new CryptoError('UNITE_CRYPTO_KEY_UNKNOWN', 'no', { cause: new Error('why') });
    expect(CryptoError.isInstance(error)).toBe(true);
    expect([undefined, null, 'x', {}, new Error('x')].some(CryptoError.isInstance)).toBe(false);
    expect(error).toMatchObject({ name: 'CryptoError', digest: 'unite;UNITE_CRYPTO_KEY_UNKNOWN;500' });
    expect(new CryptoError('UNITE_CRYPTO_CLOSED', 'no')).not.toHaveProperty('cause');
  });

  test('tells a client the same of all that may go wrong with keys and ciphertexts', () => {
    const codes = [
      'UNITE_CRYPTO_TENANT_MISMATCH',
      'UNITE_CRYPTO_COMMITMENT_MISMATCH',
      'UNITE_CRYPTO_AUTHENTICATION_FAILED',
      'UNITE_CRYPTO_KEY_UNKNOWN',
      'UNITE_CRYPTO_TENANT_SHREDDED',
    ] as const;
    for (const code of codes) {
      const { status, headers, [problemKey as never]: problem } = new CryptoError(code, 'secret');
      expect({ status, headers, problem }).toEqual({
        status: 500,
        headers: undefined,
        problem: { type: 'about:blank', status: 500, title: 'Internal Server Error' },
      });
    }
  });

  test('tells a client what it may change or try again', () => {
    expect(new CryptoError('UNITE_CRYPTO_CSRF_REFUSED', 'no').problem).toMatchObject({
      status: 403,
      title: 'Forbidden',
    });
    expect(new CryptoError('UNITE_CRYPTO_KEYS_UNAVAILABLE', 'no').problem).toMatchObject({ status: 503 });
    expect(new CryptoError('UNITE_CRYPTO_CLOSED', 'no')).toMatchObject({ status: 503 });
    expect(new CryptoError('UNITE_CRYPTO_LOGIN_UNAVAILABLE', 'no').headers).toEqual({ 'Retry-After': '1' });
    const problem = { type: '/errors/forbidden', status: 403, title: 'No' };
    expect(new CryptoError('UNITE_CRYPTO_FORBIDDEN', 'no', { problem })).toMatchObject({
      status: 403,
      problem,
    });
  });
});
