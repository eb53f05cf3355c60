import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { MessageKeys } from '../../src/xaes/derive';
import { Sealer } from '../../src/xaes/sealer';
import { referenceSeal } from './support/kc-xaes-reference';
import { twoKeyCiphertext } from './support/two-key-ciphertext';

// What other libraries were caught accepting.

const nothing = Buffer.alloc(0);

function decipher(
  key: Buffer,
  nonce: Buffer,
  { ciphertext, tag }: { readonly ciphertext: Buffer; readonly tag: Buffer },
  options?: { authTagLength: number },
): Buffer {
  // Without options as well, which is the mistake.
  const opening = createDecipheriv('aes-256-gcm', key, nonce, options as { authTagLength: number });
  opening.setAuthTag(tag);
  return Buffer.concat([opening.update(ciphertext), opening.final()]);
}

describe('a tag that was cut short', () => {
  const key = randomBytes(32);
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const ciphertext = Buffer.concat([cipher.update('4,294,967,296 guesses'), cipher.final()]);
  const fourBytes = { ciphertext, tag: cipher.getAuthTag().subarray(0, 4) };

  const onNode20 = process.versions.node.startsWith('20.') ? test : test.skip;
  onNode20('of 4 bytes is enough for Node.js 20 (needs Node.js 20) where nobody says how long it is', () => {
    expect(decipher(key, nonce, fourBytes).toString()).toBe('4,294,967,296 guesses');
  });

  test('is refused where somebody does', () => {
    expect(() => decipher(key, nonce, fourBytes, { authTagLength: 16 })).toThrow(
      'Invalid authentication tag',
    );
  });

  test('is refused by the sealer at every length', () => {
    const sealer = new Sealer(key);
    for (const plaintext of [nothing, Buffer.from('text')]) {
      const sealed = sealer.seal(plaintext, nothing);
      expect(sealer.open(sealed, nothing)).toEqual(plaintext);
      for (const missing of Array.from({ length: sealed.length }).keys()) {
        const cut = sealed.subarray(0, sealed.length - missing - 1);
        expect(() => sealer.open(cut, nothing)).toThrow(
          expect.objectContaining({
            code: expect.stringMatching(/^UNITE_CRYPTO_(FORMAT_INVALID|AUTHENTICATION_FAILED)$/),
          }),
        );
      }
    }
  });
});

describe('one message for two keys', () => {
  test('opens under both with AES-GCM, which commits to none', () => {
    const keys = [randomBytes(32), randomBytes(32)] as const;
    const nonce = randomBytes(12);
    const forged = twoKeyCiphertext([...keys], nonce);
    const [first, second] = keys.map((key) => decipher(key, nonce, forged, { authTagLength: 16 }));
    expect(first).toHaveLength(16);
    expect(second).toHaveLength(16);
    expect(first).not.toEqual(second);
  });

  test('opens under both with XAES-256-GCM, and the sealer refuses it under one of them', () => {
    const keys = [randomBytes(32), randomBytes(32)] as const;
    const nonce = randomBytes(24);
    const derived = keys.map((key) => new MessageKeys(key).derive(nonce));
    const messageKeys = derived.map(({ key }) => Buffer.from(key)) as [Buffer, Buffer];
    const forged = twoKeyCiphertext(messageKeys, nonce.subarray(12));
    for (const key of messageKeys) {
      expect(decipher(key, nonce.subarray(12), forged, { authTagLength: 16 })).toHaveLength(16);
    }

    for (const [at, { commitment }] of derived.entries()) {
      const sealed = Buffer.concat([nonce, commitment, forged.ciphertext, forged.tag]);
      const own = new Sealer(keys[at] as Buffer);
      const other = new Sealer(keys[1 - at] as Buffer);
      expect(own.open(sealed, nothing)).toHaveLength(16);
      expect(() => other.open(sealed, nothing)).toThrow(
        expect.objectContaining({ code: 'UNITE_CRYPTO_COMMITMENT_MISMATCH' }),
      );
    }
  });

  test('cannot carry half of each commitment', () => {
    const keys = [randomBytes(32), randomBytes(32)] as const;
    const nonce = randomBytes(24);
    const [first, second] = keys.map((key) => referenceSeal(key, nonce, nothing, nothing)) as [
      Buffer,
      Buffer,
    ];
    const mixed = Buffer.concat([first.subarray(0, 40), second.subarray(40)]);
    for (const key of keys) {
      expect(() => new Sealer(key).open(mixed, nothing)).toThrow(
        expect.objectContaining({ code: 'UNITE_CRYPTO_COMMITMENT_MISMATCH' }),
      );
    }
  });
});
