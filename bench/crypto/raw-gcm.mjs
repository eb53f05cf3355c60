import { createCipheriv, createDecipheriv, createSecretKey, randomFillSync } from 'node:crypto';

const nonceBytes = 12;
const tagBytes = 16;
const options = { authTagLength: tagBytes };

/**
 * AES-256-GCM of Node.js with nothing around it: `nonce (12) | ciphertext | tag (16)`, nonces from a pool, the key
 * made ready once, the additional data given as bytes.
 *
 * @param {Buffer} bytes of the key
 */
export function rawGcm(bytes) {
  const key = createSecretKey(bytes);
  const pool = Buffer.alloc(nonceBytes * 256);
  let used = pool.length;
  return { encrypt, decrypt };

  function encrypt(plaintext, aad) {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    const sealed = Buffer.allocUnsafe(nonceBytes + plaintext.length + tagBytes);
    pool.copy(sealed, 0, used, used + nonceBytes);
    used += nonceBytes;
    const cipher = createCipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes), options);
    cipher.setAAD(aad);
    sealed.set(cipher.update(plaintext), nonceBytes);
    cipher.final();
    sealed.set(cipher.getAuthTag(), nonceBytes + plaintext.length);
    return sealed;
  }

  function decrypt(sealed, aad) {
    const tagAt = sealed.length - tagBytes;
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes), options);
    decipher.setAAD(aad);
    decipher.setAuthTag(sealed.subarray(tagAt));
    const plaintext = decipher.update(sealed.subarray(nonceBytes, tagAt));
    decipher.final();
    return plaintext;
  }
}
