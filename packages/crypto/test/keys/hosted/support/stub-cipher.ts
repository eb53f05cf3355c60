import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** What a stub of a key service encrypts with, under a key of its own. */
export class StubCipher {
  readonly #key = randomBytes(32);

  seal(plaintext: Uint8Array, aad: string): Buffer {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv, { authTagLength: 16 });
    cipher.setAAD(Buffer.from(aad));
    return Buffer.concat([iv, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  }

  /** `undefined` for what it has not sealed so. */
  open(sealed: Buffer, aad: string): Buffer | undefined {
    if (sealed.length < 28) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', this.#key, sealed.subarray(0, 12), {
      authTagLength: 16,
    });
    decipher.setAAD(Buffer.from(aad));
    decipher.setAuthTag(sealed.subarray(-16));
    const plaintext = decipher.update(sealed.subarray(12, -16));
    try {
      decipher.final();
    } catch {
      return undefined;
    }
    return plaintext;
  }
}
