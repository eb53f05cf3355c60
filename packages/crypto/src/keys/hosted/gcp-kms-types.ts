/**
 * What `gcpKmsKeyring` needs of Google Cloud KMS: a `KeyManagementServiceClient` of `@google-cloud/kms` is one.
 */
export interface GcpKmsLike {
  encrypt(request: GcpEncryptRequest): Promise<readonly [GcpEncryptResponse, ...unknown[]]>;
  decrypt(request: GcpDecryptRequest): Promise<readonly [GcpDecryptResponse, ...unknown[]]>;
}

/** A checksum: protobuf's `Int64Value`. */
export interface GcpChecksum {
  readonly value?: number | string | { toString(): string } | null | undefined;
}

/** A checksum that is sent. */
export interface GcpSentChecksum {
  value: number;
}

/** The `EncryptRequest` of Google Cloud KMS. */
export interface GcpEncryptRequest {
  name: string;
  plaintext: Uint8Array;
  plaintextCrc32c: GcpSentChecksum;
  additionalAuthenticatedData: Uint8Array;
  additionalAuthenticatedDataCrc32c: GcpSentChecksum;
}

/** Its `EncryptResponse`. */
export interface GcpEncryptResponse {
  /** The version of the root key. */
  readonly name?: string | null | undefined;
  /** Text is in base64. */
  readonly ciphertext?: Uint8Array | string | null | undefined;
  readonly ciphertextCrc32c?: GcpChecksum | null | undefined;
  readonly verifiedPlaintextCrc32c?: boolean | null | undefined;
  readonly verifiedAdditionalAuthenticatedDataCrc32c?: boolean | null | undefined;
}

/** The `DecryptRequest` of Google Cloud KMS. */
export interface GcpDecryptRequest {
  name: string;
  ciphertext: Uint8Array;
  ciphertextCrc32c: GcpSentChecksum;
  additionalAuthenticatedData: Uint8Array;
  additionalAuthenticatedDataCrc32c: GcpSentChecksum;
}

/** Its `DecryptResponse`. */
export interface GcpDecryptResponse {
  /** Text is in base64. */
  readonly plaintext?: Uint8Array | string | null | undefined;
  readonly plaintextCrc32c?: GcpChecksum | null | undefined;
  /** Whether it was the primary version of the root key that encrypted it. */
  readonly usedPrimary?: boolean | null | undefined;
}
