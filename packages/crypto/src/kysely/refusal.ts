import { CryptoError } from '../errors';

/** A query is refused rather than sent with plaintext, or answered with ciphertext. */
export function refusal(why: string): CryptoError {
  return new CryptoError('UNITE_CRYPTO_QUERY_REFUSED', `encryptedDialect: ${why}`);
}
