import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Sealer } from '../../src/xaes/sealer';
import { cmac, referenceOpen, referenceSeal } from './support/kc-xaes-reference';
import { fromHex } from './support/wycheproof';

const key = bytes(32, 32);
const nonce = bytes(24, 24);
const text = bytes(0, 200);

/** Random ones of so many bytes. */
function bytes(minLength: number, maxLength: number): fc.Arbitrary<Buffer> {
  return fc.uint8Array({ minLength, maxLength }).map((array) => Buffer.from(array));
}

describe('the reference that the sealer is held against', () => {
  // NIST SP 800-38B, examples with AES-256 (appendix D.3, also in the CAVP file CMACGenAES256).
  test.each([
    ['', '028962f61b7bf89efc6b551f4667d983'],
    ['6bc1bee22e409f96e93d7e117393172a', '28a7023f452e8f82bd4bf28d8c37c35c'],
    [
      '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411',
      'aaf3d8f1de5640c232f5b169b9c911e6',
    ],
  ])('computes CMAC of %j as the standard does', (message, mac) => {
    const example = fromHex('603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4');
    expect(cmac(example, fromHex(message)).toString('hex')).toBe(mac);
  });
});

describe('the sealer writes what the reference writes', () => {
  test('to the byte, for the nonce that it chose', () => {
    fc.assert(
      fc.property(key, text, text, (root, plaintext, aad) => {
        const sealed = new Sealer(root).seal(plaintext, aad);
        expect(sealed).toEqual(referenceSeal(root, sealed.subarray(0, 24), plaintext, aad));
        expect(referenceOpen(root, sealed, aad)).toEqual(plaintext);
      }),
      { numRuns: 300 },
    );
  });

  test('with a header before it, which is authenticated before the rest', () => {
    fc.assert(
      fc.property(key, text, text, bytes(1, 12), (root, plaintext, aad, header) => {
        const sealed = new Sealer(root).seal(plaintext, aad, header);
        const body = sealed.subarray(header.length);
        expect(sealed.subarray(0, header.length)).toEqual(header);
        expect(body).toEqual(
          referenceSeal(root, body.subarray(0, 24), plaintext, Buffer.concat([header, aad])),
        );
        expect(new Sealer(root).open(sealed, aad, header.length)).toEqual(plaintext);
      }),
      { numRuns: 200 },
    );
  });

  test('and opens what the reference sealed, under any nonce', () => {
    fc.assert(
      fc.property(key, nonce, text, text, (root, chosen, plaintext, aad) => {
        expect(new Sealer(root).open(referenceSeal(root, chosen, plaintext, aad), aad)).toEqual(plaintext);
      }),
      { numRuns: 300 },
    );
  });

  test('whatever was derived for other nonces before', () => {
    fc.assert(
      fc.property(key, fc.array(nonce, { minLength: 2, maxLength: 10 }), (root, nonces) => {
        const sealer = new Sealer(root);
        for (const one of nonces) {
          expect(sealer.open(referenceSeal(root, one, one, one), one)).toEqual(one);
        }
      }),
      { numRuns: 100 },
    );
  });
});
