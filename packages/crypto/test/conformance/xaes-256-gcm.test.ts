import { createCipheriv, createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { MessageKeys } from '../../src/xaes/derive';
import { describeWith } from './support/conformance-data';
import { fromHex } from './support/wycheproof';

interface XaesData {
  readonly vectors: readonly {
    readonly key: string;
    readonly nonceAscii: string;
    readonly derivedKey: string;
    readonly derivedNonce: string;
    readonly plaintextAscii: string;
    readonly aadAscii: string;
    readonly ciphertext: string;
  }[];
  readonly accumulated: { readonly after10000: string };
}

describeWith<XaesData>('XAES-256-GCM with the keys that the sealer derives', 'xaes-256-gcm.json', (data) => {
  test('both vectors of the specification', () => {
    expect(data.vectors).toHaveLength(2);
    for (const vector of data.vectors) {
      const nonce = Buffer.from(vector.nonceAscii);
      const { key } = new MessageKeys(fromHex(vector.key)).derive(nonce);
      expect(key.toString('hex')).toBe(vector.derivedKey);
      expect(nonce.subarray(12).toString('hex')).toBe(vector.derivedNonce);
      const sealed = seal(
        fromHex(vector.key),
        nonce,
        Buffer.from(vector.plaintextAscii),
        Buffer.from(vector.aadAscii),
      );
      expect(sealed.toString('hex')).toBe(vector.ciphertext);
    }
  });

  test('the accumulated hash of 10,000 random messages', () => {
    const random = readerOf(createHash('shake128', { outputLength: 10_000 * 568 }).digest());
    const accumulated = createHash('shake128', { outputLength: 32 });
    for (const _ of Array.from({ length: 10_000 })) {
      const [key, nonce] = [random(32), random(24)];
      // RFC 8446 §3: one byte with the length stands before what has any of 0 to 255 bytes.
      const plaintext = random(random(1)[0] as number);
      const aad = random(random(1)[0] as number);
      accumulated.update(seal(key, nonce, plaintext, aad));
    }
    expect(accumulated.digest('hex')).toBe(data.accumulated.after10000);
  });
});

function seal(key: Buffer, nonce: Buffer, plaintext: Buffer, aad: Buffer): Buffer {
  const derived = new MessageKeys(key).derive(nonce).key;
  const cipher = createCipheriv('aes-256-gcm', derived, nonce.subarray(12), { authTagLength: 16 });
  cipher.setAAD(aad);
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** The next so many bytes. */
function readerOf(bytes: Buffer): (length: number) => Buffer {
  let at = 0;
  return (length) => {
    at += length;
    return bytes.subarray(at - length, at);
  };
}
