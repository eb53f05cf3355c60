import { CryptoError } from '../errors';
import type { GeneratedKey, WrappedKey } from '../keys/key-types';

const keyBytes = 32;

/** @throws CryptoError `UNITE_CRYPTO_UNWRAP_FAILED` for what is no data key: nothing encrypted under it would be safe */
export function checkKey(key: unknown): Uint8Array {
  if (!(key instanceof Uint8Array && key.length === keyBytes)) {
    throw unwrapFailed(`The key provider answered with something other than ${keyBytes} bytes`);
  }
  if (key.every((byte) => byte === 0)) throw unwrapFailed('The key provider answered with a key of zeros');
  return key;
}

/** @throws CryptoError `UNITE_CRYPTO_UNWRAP_FAILED` for what could not be stored */
export function checkWrapped(wrapped: unknown): WrappedKey {
  const { rootKeyId, bytes } = (wrapped ?? {}) as Partial<WrappedKey>;
  if (typeof rootKeyId === 'string' && bytes instanceof Uint8Array) return wrapped as WrappedKey;
  throw unwrapFailed('The key provider answered with no wrapped key');
}

/** @throws CryptoError `UNITE_CRYPTO_UNWRAP_FAILED` */
export function checkGenerated(answer: unknown): GeneratedKey {
  const { key, wrapped } = (answer ?? {}) as Partial<GeneratedKey>;
  return { key: checkKey(key), wrapped: checkWrapped(wrapped) };
}

export function unwrapFailed(message: string): CryptoError {
  return new CryptoError('UNITE_CRYPTO_UNWRAP_FAILED', message);
}
