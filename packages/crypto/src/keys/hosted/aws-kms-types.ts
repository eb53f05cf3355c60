/** What `awsKmsKeyring` needs of AWS KMS: an instance of `KMS` of `@aws-sdk/client-kms` is one. */
export interface AwsKmsLike {
  generateDataKey(
    input: { KeyId: string; KeySpec: 'AES_256'; EncryptionContext: Record<string, string> },
    options: AwsCallOptions,
  ): Promise<AwsGeneratedKey>;
  decrypt(
    input: { KeyId: string; CiphertextBlob: Uint8Array; EncryptionContext: Record<string, string> },
    options: AwsCallOptions,
  ): Promise<{ readonly Plaintext?: Uint8Array | undefined }>;
  reEncrypt(
    input: {
      CiphertextBlob: Uint8Array;
      SourceKeyId: string;
      SourceEncryptionContext: Record<string, string>;
      DestinationKeyId: string;
      DestinationEncryptionContext: Record<string, string>;
    },
    options: AwsCallOptions,
  ): Promise<AwsWrappedKey>;
  describeKey(
    input: { KeyId: string },
    options: AwsCallOptions,
  ): Promise<{ readonly KeyMetadata?: AwsKeyMetadata | undefined }>;
}

/** Options of each call. */
export interface AwsCallOptions {
  readonly abortSignal: AbortSignal;
}

/** A wrapped key, as AWS KMS answers it. */
export interface AwsWrappedKey {
  /** ARN of the root key. */
  readonly KeyId?: string | undefined;
  readonly CiphertextBlob?: Uint8Array | undefined;
}

/** A new data key, as AWS KMS answers it. */
export interface AwsGeneratedKey extends AwsWrappedKey {
  readonly Plaintext?: Uint8Array | undefined;
}

/** What AWS KMS says of a root key. */
export interface AwsKeyMetadata {
  readonly Arn?: string | undefined;
  readonly KeyState?: string | undefined;
  readonly CreationDate?: Date | undefined;
}
