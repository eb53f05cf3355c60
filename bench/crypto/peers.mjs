import { randomBytes } from 'node:crypto';
import { decryptStringSync, encryptStringSync, generateKey, parseKeySync } from '@47ng/cloak';
import * as aws from '@aws-crypto/client-node';
import cipherSweet from 'ciphersweet-js';

/**
 * How each peer encrypts one value, with what it binds a value to where it can bind at all.
 *
 * @typedef {{ name: string, encrypt(item: Item): unknown, decrypt(sealed: unknown, item: Item): unknown, bytesOf(sealed: unknown): number, takes: 'text' | 'bytes' }} Peer
 * @typedef {{ plaintext: Buffer, text: string, rowId: number, place: { rowId: number, tenantId: string }, aad: Buffer }} Item
 */

/** @returns {Promise<Peer[]>} */
export async function peers() {
  return [cloak(), await fastestCipherSweet(), ...awsEncryption()];
}

/** What prisma-field-encryption encrypts with: the key parsed once, the faster of its two ways. It binds to nothing. */
function cloak() {
  const key = parseKeySync(generateKey());
  return {
    name: '@47ng/cloak',
    takes: 'text',
    encrypt: ({ text }) => encryptStringSync(text, key),
    decrypt: (sealed) => decryptStringSync(sealed, key),
    bytesOf: (sealed) => sealed.length,
  };
}

/** Bound to the row, each of its backends tried for a moment. */
async function fastestCipherSweet() {
  const { BoringCrypto, CipherSweet, EncryptedField, FIPSCrypto, ModernCrypto, StringProvider } = cipherSweet;
  const tried = [];
  for (const Backend of [BoringCrypto, ModernCrypto, FIPSCrypto]) {
    const engine = new CipherSweet(new StringProvider(randomBytes(32).toString('hex')), new Backend());
    const field = await EncryptedField.build(engine, 'contacts', 'avatar');
    const plaintext = randomBytes(64);
    let ms = 0;
    for (let times = 0; times < 20; times += 1) {
      const startMs = performance.now();
      await field.decryptValue(await field.encryptValue(plaintext, '7'), '7');
      // The first ones load and compile.
      if (times >= 10) ms += performance.now() - startMs;
    }
    tried.push({ name: `ciphersweet-js, ${Backend.name}`, field, ms });
  }
  const { name, field } = tried.toSorted((a, b) => a.ms - b.ms)[0];
  return {
    name,
    takes: 'bytes',
    encrypt: ({ plaintext, aad }) => field.encryptValue(plaintext, aad),
    decrypt: (sealed, { aad }) => field.decryptValue(sealed, aad),
    bytesOf: (sealed) => sealed.length,
  };
}

/**
 * With the caching that its documentation recommends for many small values, which reuses a data key. Its cache holds
 * for one encryption context, so the row cannot be part of it.
 */
function awsEncryption() {
  const keyring = new aws.RawAesKeyringNode({
    keyNamespace: 'unite',
    keyName: 'bench',
    unencryptedMasterKey: new Uint8Array(randomBytes(32)),
    wrappingSuite: aws.RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
  });
  const materials = new aws.NodeCachingMaterialsManager({
    backingMaterials: keyring,
    cache: aws.getLocalCryptographicMaterialsCache(1_000),
    maxAge: 600_000,
    maxMessagesEncrypted: 2 ** 32,
    maxBytesEncrypted: Number.MAX_SAFE_INTEGER,
  });
  const { encrypt, decrypt } = aws.buildClient(aws.CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
  const encryptionContext = { tenant: 'acme', table: 'contacts', column: 'avatar' };
  const suites = {
    'without signatures': aws.AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY,
    'as it comes': undefined,
  };
  return Object.entries(suites).map(([name, suiteId]) => ({
    name: `AWS Encryption SDK, ${name}`,
    takes: 'bytes',
    encrypt: async ({ plaintext }) =>
      (await encrypt(materials, plaintext, { encryptionContext, ...(suiteId && { suiteId }) })).result,
    decrypt: async (sealed) => (await decrypt(materials, sealed)).plaintext,
    bytesOf: (sealed) => sealed.length,
  }));
}
