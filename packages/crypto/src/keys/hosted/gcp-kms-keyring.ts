import { randomBytes } from 'node:crypto';
import { checkOptions, expects } from '@unite/shared';
import { keyPlace } from '../key-place';
import type { KeyBinding, KeyProvider, WrappedKey } from '../key-types';
import { keyBytes } from '../root-ring';
import { askHosted, hostedError, malformedAnswer } from './ask-hosted';
import { crc32c } from './crc32c';
import { gcpDecryptFailure, gcpEncryptFailure } from './gcp-kms-failure';
import type { GcpChecksum, GcpKmsLike } from './gcp-kms-types';

/** Options of `gcpKmsKeyring`. */
export interface GcpKmsKeyringOptions {
  /** A `KeyManagementServiceClient` of `@google-cloud/kms`; it stays the caller's. */
  readonly client: GcpKmsLike;
  /** The symmetric root key that wraps: `projects/…/locations/…/keyRings/…/cryptoKeys/…`. */
  readonly keyName: string;
  /** Root keys that wrapped before; versions of one root key are none. @default [] */
  readonly previousKeyNames?: readonly string[] | undefined;
}

const title = 'Google Cloud KMS';
const name = /^projects\/[^/]+\/locations\/[^/]+\/keyRings\/[^/]+\/cryptoKeys\/[^/]+$/;
const version = /^(.+)\/cryptoKeyVersions\/\d+$/;
const nameCheck = 'of the form "projects/…/locations/…/keyRings/…/cryptoKeys/…"';

/**
 * Root keys in Google Cloud KMS, which never leave it. Data keys are made here and encrypted there, with tenant and
 * data key as additional authenticated data, and checksums both ways. The credentials need
 * `roles/cloudkms.cryptoKeyEncrypterDecrypter`. It has no store of its own.
 *
 * To rotate, make another version of the root key the primary, and rewrap. A call ends with the vault's time, whatever
 * the client's retries are.
 *
 * @throws TypeError
 * @example
 * const keys = gcpKmsKeyring({ client: new KeyManagementServiceClient(), keyName });
 */
export function gcpKmsKeyring(options: GcpKmsKeyringOptions): KeyProvider {
  checkOptions(
    'gcpKmsKeyring',
    options,
    {
      client: expects('a KeyManagementServiceClient of @google-cloud/kms', isClient),
      keyName: expects(`a name ${nameCheck}`, isName),
      previousKeyNames: expects(
        `a list of names ${nameCheck}`,
        (names) => Array.isArray(names) && names.every(isName),
      ),
    },
    ['client', 'keyName'],
  );
  const { client, keyName, previousKeyNames = [] } = options;
  const known = [keyName, ...previousKeyNames];

  async function wrap(key: Uint8Array, binding: KeyBinding, signal: AbortSignal): Promise<WrappedKey> {
    const place = keyPlace(binding);
    const [answer] = await askHosted({ title, signal, failureOf: gcpEncryptFailure }, () =>
      client.encrypt({
        name: keyName,
        plaintext: key,
        plaintextCrc32c: { value: crc32c(key) },
        additionalAuthenticatedData: place,
        additionalAuthenticatedDataCrc32c: { value: crc32c(place) },
      }),
    );
    const bytes = bytesOf(answer.ciphertext);
    const arrived = answer.verifiedPlaintextCrc32c && answer.verifiedAdditionalAuthenticatedDataCrc32c;
    if (!arrived || !answer.name || !bytes?.length || !isWhole(bytes, answer.ciphertextCrc32c))
      throw malformedAnswer(title);
    return { rootKeyId: answer.name, bytes };
  }

  async function decrypt({ rootKeyId, bytes }: WrappedKey, binding: KeyBinding, signal: AbortSignal) {
    const place = keyPlace(binding);
    const keyOfVersion = version.exec(rootKeyId)?.[1];
    // Whoever writes to the store may name a root key of his own.
    if (!keyOfVersion || !known.includes(keyOfVersion)) throw hostedError(title, 'UNITE_CRYPTO_KEY_UNKNOWN');
    const [answer] = await askHosted({ title, signal, failureOf: gcpDecryptFailure }, () =>
      client.decrypt({
        name: keyOfVersion,
        ciphertext: bytes,
        ciphertextCrc32c: { value: crc32c(bytes) },
        additionalAuthenticatedData: place,
        additionalAuthenticatedDataCrc32c: { value: crc32c(place) },
      }),
    );
    const key = bytesOf(answer.plaintext);
    if (key?.length !== keyBytes || !isWhole(key, answer.plaintextCrc32c)) throw malformedAnswer(title);
    return { key, isCurrent: keyOfVersion === keyName && answer.usedPrimary === true };
  }

  return {
    name: 'gcp-kms',
    algorithm: 'AES-256-GCM (Google Cloud KMS)',
    async generate(binding, { signal }) {
      const key = randomBytes(keyBytes);
      return { key, wrapped: await wrap(key, binding, signal) };
    },
    async unwrap(wrapped, binding, { signal }) {
      return (await decrypt(wrapped, binding, signal)).key;
    },
    async rewrap(wrapped, binding, { signal }) {
      const { key, isCurrent } = await decrypt(wrapped, binding, signal);
      try {
        return isCurrent ? wrapped : await wrap(key, binding, signal);
      } finally {
        key.fill(0);
      }
    },
  };
}

function isClient(value: unknown): boolean {
  const { encrypt, decrypt } = (value ?? {}) as Partial<GcpKmsLike>;
  return typeof encrypt === 'function' && typeof decrypt === 'function';
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && name.test(value);
}

function bytesOf(value: Uint8Array | string | null | undefined): Uint8Array | undefined {
  return typeof value === 'string' ? Buffer.from(value, 'base64') : (value ?? undefined);
}

function isWhole(bytes: Uint8Array, checksum: GcpChecksum | null | undefined): boolean {
  return Number(String(checksum?.value)) === crc32c(bytes);
}
