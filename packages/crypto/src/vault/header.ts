import { createHash } from 'node:crypto';
import { CryptoError } from '../errors';
import { encodePlace } from '../place/encode-place';

/** Version, suite and key id. A multiple of 3, so that it is a prefix in base64url too. */
export const headerBytes = 6;

const version = 1;
/** Key-committing XAES-256-GCM. */
const suite = 1;

/** What a ciphertext begins with. */
export function headerOf(keyId: number): Buffer {
  const header = Buffer.from([version, suite, 0, 0, 0, 0]);
  header.writeUInt32BE(keyId, 2);
  return header;
}

/** Whether bytes begin as a ciphertext does. */
export function hasHeader(bytes: Buffer): boolean {
  return bytes.length > headerBytes && bytes[0] === version && bytes[1] === suite;
}

/**
 * The id of the key that bytes were encrypted under.
 *
 * @throws CryptoError `UNITE_CRYPTO_FORMAT_INVALID` or `UNITE_CRYPTO_VERSION_UNKNOWN`
 */
export function readKeyId(bytes: Buffer): number {
  if (bytes.length <= headerBytes) {
    throw new CryptoError('UNITE_CRYPTO_FORMAT_INVALID', `Too short to be encrypted: ${bytes.length} bytes`);
  }
  if (!hasHeader(bytes)) {
    throw new CryptoError(
      'UNITE_CRYPTO_VERSION_UNKNOWN',
      `Not encrypted, or by another release: version ${bytes[0]}, suite ${bytes[1]}; known is version ${version}, suite ${suite}`,
    );
  }
  return bytes.readUInt32BE(2);
}

/** The upper half of the ids of a tenant's keys, so that a value of another tenant is told from an unknown key. */
export function tenantTag(tenantId: string): number {
  return createHash('sha256')
    .update(encodePlace('unite.crypto.tenant', [tenantId]))
    .digest()
    .readUInt16BE();
}
