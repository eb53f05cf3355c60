import type { GcpKmsLike } from '../../../../src/keys';
import { crc32c } from '../../../../src/keys/hosted/crc32c';
import { StubCipher } from './stub-cipher';

/** A stub in the shape of Google's `KeyManagementServiceClient`, with one root key. It is not that client. */
export interface GcpKmsStub extends GcpKmsLike {
  /** Makes another version the primary. */
  rotate(): void;
  /** Thrown in place of an answer. */
  fault: unknown;
  /** Changes an answer. */
  change: Readonly<Record<string, unknown>>;
}

export const keyName = 'projects/p/locations/europe/keyRings/crm/cryptoKeys/fields';

export function gcpKmsStub(): GcpKmsStub {
  const versions = [new StubCipher()];
  const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

  function check(name: string, parts: readonly (readonly [Uint8Array, { value: number }])[]): void {
    if (stub.fault) throw stub.fault;
    if (name !== keyName) throw rpcError(5, 'CryptoKey not found.');
    for (const [bytes, { value }] of parts) if (crc32c(bytes) !== value) throw rpcError(3, 'wrong checksum');
  }

  const stub: GcpKmsStub = {
    fault: undefined,
    change: {},
    rotate: () => void versions.push(new StubCipher()),
    async encrypt(request) {
      const aad = request.additionalAuthenticatedData;
      check(request.name, [
        [request.plaintext, request.plaintextCrc32c],
        [aad, request.additionalAuthenticatedDataCrc32c],
      ]);
      const sealed = versions.at(-1)?.seal(request.plaintext, textOf(aad)) as Buffer;
      const ciphertext = Buffer.concat([Buffer.from([versions.length]), sealed]);
      const answer = {
        name: `${keyName}/cryptoKeyVersions/${versions.length}`,
        ciphertext,
        // As text, as protobuf's 64-bit numbers are in JavaScript.
        ciphertextCrc32c: { value: String(crc32c(ciphertext)) },
        verifiedPlaintextCrc32c: true,
        verifiedAdditionalAuthenticatedDataCrc32c: true,
      };
      return [{ ...answer, ...stub.change }, undefined, undefined];
    },
    async decrypt(request) {
      const aad = request.additionalAuthenticatedData;
      check(request.name, [
        [request.ciphertext, request.ciphertextCrc32c],
        [aad, request.additionalAuthenticatedDataCrc32c],
      ]);
      const [version, ...sealed] = request.ciphertext;
      const plaintext = versions[(version ?? 0) - 1]?.open(Buffer.from(sealed), textOf(aad));
      if (!plaintext) throw rpcError(3, 'Decryption failed: the ciphertext is invalid.');
      const plaintextCrc32c = { value: crc32c(plaintext) };
      const usedPrimary = version === versions.length;
      return [{ plaintext, plaintextCrc32c, usedPrimary, ...stub.change }, undefined, undefined];
    },
  };
  return stub;
}

/** An error as the client throws it. */
export function rpcError(code: number, message: string): Error {
  return Object.assign(new Error(`${code} ${message}`), { code, details: message });
}
