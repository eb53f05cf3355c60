import {
  type CipherGCM,
  createCipheriv,
  createDecipheriv,
  type DecipherGCM,
  timingSafeEqual,
} from 'node:crypto';
import { CryptoError } from '../errors';
import { commitmentBytes, MessageKeys, nonceBytes } from './derive';
import { FreshKeys } from './fresh-keys';

const tagBytes = 16;
/** Node.js 20 accepts tags of 4 bytes where nobody says how long they are. */
const gcm = { authTagLength: tagBytes } as const;
const noHeader = Buffer.alloc(0);

/** What a sealed value is longer than its plaintext, in bytes, without its header. */
export const sealedOverheadBytes = nonceBytes + commitmentBytes + tagBytes;

/**
 * Key-committing XAES-256-GCM under one key: random nonces of 192 bits, good for some 2^80 messages.
 *
 * A sealed value is `header | nonce (24) | commitment (32) | ciphertext | tag (16)`. The header is authenticated.
 *
 * @see https://c2sp.org/XAES-256-GCM
 * @see https://eprint.iacr.org/2025/758
 */
export class Sealer {
  readonly #keys: MessageKeys;
  readonly #fresh: FreshKeys;

  /** @param key 32 bytes; the caller may overwrite them afterwards */
  constructor(key: Uint8Array) {
    this.#keys = new MessageKeys(key);
    this.#fresh = new FreshKeys(this.#keys);
  }

  /**
   * @param aad what the value is bound to; not part of the result
   * @param header what the result begins with, such as a version and a key's id
   */
  seal(plaintext: Uint8Array, aad: Uint8Array, header: Uint8Array = noHeader): Buffer {
    const ciphertextAt = header.length + nonceBytes + commitmentBytes;
    const tagAt = ciphertextAt + plaintext.length;
    const sealed = Buffer.allocUnsafe(tagAt + tagBytes);
    sealed.set(header);
    const { key, iv } = this.#fresh.take(sealed, header.length);
    const cipher = createCipheriv('aes-256-gcm', key, iv, gcm);
    authenticate(cipher, header, aad);
    sealed.set(cipher.update(plaintext), ciphertextAt);
    cipher.final();
    sealed.set(cipher.getAuthTag(), tagAt);
    return sealed;
  }

  /**
   * @param headerBytes length of the header that it was sealed with
   * @throws CryptoError `UNITE_CRYPTO_FORMAT_INVALID`, `UNITE_CRYPTO_COMMITMENT_MISMATCH` for another key,
   * `UNITE_CRYPTO_AUTHENTICATION_FAILED` for another `aad`; either of the last two for what was altered
   */
  open(sealed: Uint8Array, aad: Uint8Array, headerBytes = 0): Buffer {
    const bytes = Buffer.isBuffer(sealed)
      ? sealed
      : Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
    const commitmentAt = headerBytes + nonceBytes;
    const ciphertextAt = commitmentAt + commitmentBytes;
    const tagAt = bytes.length - tagBytes;
    if (tagAt < ciphertextAt) {
      throw new CryptoError(
        'UNITE_CRYPTO_FORMAT_INVALID',
        `Too short to be encrypted: ${bytes.length} bytes`,
      );
    }
    const { key, commitment } = this.#keys.derive(bytes, headerBytes);
    if (!timingSafeEqual(commitment, bytes.subarray(commitmentAt, ciphertextAt))) {
      throw new CryptoError('UNITE_CRYPTO_COMMITMENT_MISMATCH', 'Encrypted under another key, or altered');
    }
    const iv = bytes.subarray(headerBytes + 12, commitmentAt);
    const decipher = createDecipheriv('aes-256-gcm', key, iv, gcm);
    authenticate(decipher, bytes.subarray(0, headerBytes), aad);
    decipher.setAuthTag(bytes.subarray(tagAt));
    const plaintext = decipher.update(bytes.subarray(ciphertextAt, tagAt));
    try {
      decipher.final();
    } catch {
      plaintext.fill(0);
      throw new CryptoError('UNITE_CRYPTO_AUTHENTICATION_FAILED', 'Encrypted for another place, or altered');
    }
    return plaintext;
  }

  /** Overwrites what JavaScript can reach of the key. */
  destroy(): void {
    this.#fresh.destroy();
    this.#keys.destroy();
  }
}

/** Both as one: whoever opens says how long the header is. */
function authenticate(cipher: CipherGCM | DecipherGCM, header: Uint8Array, aad: Uint8Array): void {
  if (header.length > 0) cipher.setAAD(header);
  cipher.setAAD(aad);
}
