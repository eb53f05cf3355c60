import { createCipheriv, createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { describeWith } from './support/conformance-data';
import { fromHex, runCases, type Wycheproof, type WycheproofTest } from './support/wycheproof';

interface AeadTest extends WycheproofTest {
  readonly key: string;
  readonly iv: string;
  readonly aad: string;
  readonly msg: string;
  readonly ct: string;
  readonly tag: string;
}

interface AeadGroup {
  readonly keySize: number;
  readonly ivSize: number;
  readonly tagSize: number;
  readonly tests: readonly AeadTest[];
}

// The sealer's own primitive, with the options that it passes.
const gcm = { authTagLength: 16 } as const;

describeWith<Wycheproof<AeadGroup>>(
  'AES-256-GCM as the sealer calls it',
  'wycheproof/aes_gcm.json',
  (data) => {
    // Message keys have 256 bits, and the second half of a nonce has 96: other sizes are never used.
    const applies = ({ keySize, ivSize, tagSize }: AeadGroup) =>
      keySize === 256 && ivSize === 96 && tagSize === 128;

    test('all 66 cases of 256-bit keys, 96-bit nonces and 128-bit tags; 250 of other sizes do not apply', () => {
      const check = (one: AeadTest) =>
        one.result === 'valid' ? opensAndSealsTheSame(one) : opened(one) === undefined;
      expect(runCases(data, applies, check)).toEqual({
        run: 66,
        passed: 66,
        notApplicable: 250,
        failed: [],
      });
      expect(data.numberOfTests).toBe(66 + 250);
    });

    test('a case that came out the other way would be seen', () => {
      const { failed, run } = runCases(data, applies, (one) => opened(one) === undefined);
      expect({ failed: failed.length, run }).toEqual({ failed: 39, run: 66 });
    });
  },
);

function opensAndSealsTheSame(one: AeadTest): boolean {
  const cipher = createCipheriv('aes-256-gcm', fromHex(one.key), fromHex(one.iv), gcm);
  cipher.setAAD(fromHex(one.aad));
  const sealed = Buffer.concat([cipher.update(fromHex(one.msg)), cipher.final(), cipher.getAuthTag()]);
  return sealed.equals(fromHex(one.ct + one.tag)) && opened(one)?.toString('hex') === one.msg;
}

function opened(one: AeadTest): Buffer | undefined {
  const decipher = createDecipheriv('aes-256-gcm', fromHex(one.key), fromHex(one.iv), gcm);
  decipher.setAAD(fromHex(one.aad));
  decipher.setAuthTag(fromHex(one.tag));
  const plaintext = decipher.update(fromHex(one.ct));
  try {
    decipher.final();
  } catch {
    return undefined;
  }
  return plaintext;
}

interface HkdfTest extends WycheproofTest {
  readonly ikm: string;
  readonly salt: string;
  readonly info: string;
  readonly size: number;
  readonly okm: string;
}

interface HkdfGroup {
  readonly tests: readonly HkdfTest[];
}

describeWith<Wycheproof<HkdfGroup>>(
  'HKDF-SHA-256, which derives the keys of columns',
  'wycheproof/hkdf_sha256.json',
  (data) => {
    test('all 86 cases', () => {
      const check = (one: HkdfTest) => derived(one) === (one.result === 'valid' ? one.okm : undefined);
      expect(runCases(data, () => true, check)).toEqual({
        run: 86,
        passed: 86,
        notApplicable: 0,
        failed: [],
      });
      expect(data.numberOfTests).toBe(86);
    });
  },
);

/** `undefined` for more than HKDF can give. */
function derived({ ikm, salt, info, size }: HkdfTest): string | undefined {
  try {
    return Buffer.from(hkdfSync('sha256', fromHex(ikm), fromHex(salt), fromHex(info), size)).toString('hex');
  } catch {
    return undefined;
  }
}

interface MacTest extends WycheproofTest {
  readonly key: string;
  readonly msg: string;
  readonly tag: string;
}

interface MacGroup {
  readonly tagSize: number;
  readonly tests: readonly MacTest[];
}

describeWith<Wycheproof<MacGroup>>(
  'HMAC-SHA-256, which makes blind indexes',
  'wycheproof/hmac_sha256.json',
  (data) => {
    test('all 174 cases, of which 87 are truncated as an index of 128 bits is', () => {
      const check = (one: MacTest, { tagSize }: MacGroup) => {
        const mac = createHmac('sha256', fromHex(one.key)).update(fromHex(one.msg)).digest();
        return timingSafeEqual(mac.subarray(0, tagSize / 8), fromHex(one.tag)) === (one.result === 'valid');
      };
      expect(runCases(data, () => true, check)).toEqual({
        run: 174,
        passed: 174,
        notApplicable: 0,
        failed: [],
      });
      expect(
        data.testGroups.filter(({ tagSize }) => tagSize === 128).flatMap(({ tests }) => tests),
      ).toHaveLength(87);
      expect(data.numberOfTests).toBe(174);
    });
  },
);
