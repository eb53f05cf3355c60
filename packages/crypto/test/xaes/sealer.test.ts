import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Sealer, sealedOverheadBytes } from '../../src/xaes/sealer';

const bytes = (maxLength: number) => fc.uint8Array({ maxLength });

describe('Sealer', () => {
  test('opens what it sealed, of any length', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        bytes(300),
        bytes(100),
        bytes(10),
        (key, plain, aad, header) => {
          const sealed = new Sealer(key).seal(plain, aad, header);
          expect(sealed.length).toBe(header.length + plain.length + sealedOverheadBytes);
          expect(new Uint8Array(sealed.subarray(0, header.length))).toEqual(header);
          expect(new Uint8Array(new Sealer(key).open(sealed, aad, header.length))).toEqual(plain);
        },
      ),
    );
  });

  test('refuses each value with one bit flipped, wherever it is', () => {
    const sealer = new Sealer(randomBytes(32));
    const aad = Buffer.from('place');
    const sealed = sealer.seal(Buffer.from('ada@example.com'), aad, Buffer.from([1, 1, 0, 0, 0, 7]));
    for (const bit of Array(sealed.length * 8).keys()) {
      const flipped = Buffer.from(sealed);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(() => sealer.open(flipped, aad, 6)).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/COMMITMENT_MISMATCH|AUTHENTICATION_FAILED/) }),
      );
    }
  });

  test('refuses each value that is cut off, or longer', () => {
    const sealer = new Sealer(randomBytes(32));
    const aad = Buffer.from('place');
    const sealed = sealer.seal(Buffer.from('ada@example.com'), aad);
    for (const length of Array(sealed.length).keys()) {
      const code =
        length < sealedOverheadBytes ? 'UNITE_CRYPTO_FORMAT_INVALID' : 'UNITE_CRYPTO_AUTHENTICATION_FAILED';
      expect(() => sealer.open(sealed.subarray(0, length), aad)).toThrow(expect.objectContaining({ code }));
    }
    expect(() => sealer.open(Buffer.concat([sealed, Buffer.alloc(1)]), aad)).toThrow(
      expect.objectContaining({ code: 'UNITE_CRYPTO_AUTHENTICATION_FAILED' }),
    );
  });

  test('moves no byte between header and what it is bound to unnoticed', () => {
    const sealer = new Sealer(randomBytes(32));
    const sealed = sealer.seal(Buffer.from('x'), Buffer.from('bc'), Buffer.from('a'));
    expect(() => sealer.open(sealed, Buffer.from('c'), 1)).toThrow();
    expect(() => sealer.open(sealed, Buffer.from('abc'), 0)).toThrow();
  });

  test('never uses a nonce twice', () => {
    const sealer = new Sealer(randomBytes(32));
    const nonces = Array.from({ length: 2_000 }, () =>
      sealer.seal(Buffer.alloc(0), Buffer.alloc(0)).subarray(0, 24).toString('hex'),
    );
    expect(new Set(nonces).size).toBe(2_000);
  });

  test('reads a value that is a window into other bytes', () => {
    const sealer = new Sealer(randomBytes(32));
    const aad = Buffer.from('place');
    const sealed = sealer.seal(Buffer.from('hello'), aad);
    const around = Buffer.concat([Buffer.from('before'), sealed, Buffer.from('after')]);
    const window = new Uint8Array(around.buffer, around.byteOffset + 6, sealed.length);
    expect(sealer.open(window, aad).toString()).toBe('hello');
  });
});
