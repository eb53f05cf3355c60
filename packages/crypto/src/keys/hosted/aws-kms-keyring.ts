import { checkOptions, expects, optionChecks } from '@unite/shared';
import { keyPlace } from '../key-place';
import type { KeyBinding, KeyProvider, RootKey, WrappedKey } from '../key-types';
import { keyBytes } from '../root-ring';
import { askHosted, hostedError, malformedAnswer } from './ask-hosted';
import { awsKmsFailure } from './aws-kms-failure';
import type { AwsKmsLike, AwsWrappedKey } from './aws-kms-types';

/** Options of `awsKmsKeyring`. */
export interface AwsKmsKeyringOptions {
  /** An instance of `KMS` of `@aws-sdk/client-kms`; it stays the caller's. */
  readonly kms: AwsKmsLike;
  /** The symmetric root key that wraps: an ARN, an id, or an alias such as `alias/crm`. */
  readonly keyId: string;
}

const title = 'AWS KMS';
const methods = ['generateDataKey', 'decrypt', 'reEncrypt', 'describeKey'] as const;

/**
 * Root keys in AWS KMS, which never leave it. Tenant and data key are the encryption context of each call, and stand
 * in CloudTrail. The credentials need `kms:GenerateDataKey`, `kms:Decrypt`, `kms:ReEncrypt*`, and `kms:DescribeKey` for
 * `unite keys status`; allow `kms:Decrypt` for the root keys of this vault alone, since a wrapped key names its own.
 *
 * To rotate to another root key, let the alias lead to it and rewrap; AWS's own rotation needs neither. It has no store
 * of its own. A call ends with the vault's time, whatever the client's retries are.
 *
 * @throws TypeError
 * @example
 * const keys = awsKmsKeyring({ kms: new KMS({ region: 'eu-central-1' }), keyId: 'alias/crm' });
 * const vault = createVault({ keys, store: postgresKeyStore(pool) });
 */
export function awsKmsKeyring(options: AwsKmsKeyringOptions): KeyProvider {
  checkOptions(
    'awsKmsKeyring',
    options,
    { kms: expects('an instance of KMS of @aws-sdk/client-kms', isKms), keyId: optionChecks.string },
    ['kms', 'keyId'],
  );
  const { kms, keyId } = options;

  function ask<Answer>(
    signal: AbortSignal,
    question: (options: { readonly abortSignal: AbortSignal }) => Promise<Answer>,
  ): Promise<Answer> {
    return askHosted({ title, signal, failureOf: awsKmsFailure }, () => question({ abortSignal: signal }));
  }

  return {
    name: 'aws-kms',
    algorithm: 'AES-256-GCM (AWS KMS)',
    async generate(binding, { signal }) {
      const EncryptionContext = contextOf(binding);
      const answer = await ask(signal, (call) =>
        kms.generateDataKey({ KeyId: keyId, KeySpec: 'AES_256', EncryptionContext }, call),
      );
      return { key: keyOf(answer.Plaintext), wrapped: wrappedOf(answer) };
    },
    async unwrap({ rootKeyId, bytes }, binding, { signal }) {
      const EncryptionContext = contextOf(binding);
      // It would be refused as a bad request, which is no word on the key.
      if (bytes.length === 0) throw hostedError(title, 'UNITE_CRYPTO_UNWRAP_FAILED');
      const answer = await ask(signal, (call) =>
        kms.decrypt({ KeyId: rootKeyId, CiphertextBlob: bytes, EncryptionContext }, call),
      );
      return keyOf(answer.Plaintext);
    },
    async rewrap(wrapped, binding, { signal }) {
      const context = contextOf(binding);
      if (wrapped.rootKeyId === keyId) return wrapped;
      const answer = await ask(signal, (call) =>
        kms.reEncrypt(
          {
            CiphertextBlob: wrapped.bytes,
            SourceKeyId: wrapped.rootKeyId,
            SourceEncryptionContext: context,
            DestinationKeyId: keyId,
            DestinationEncryptionContext: context,
          },
          call,
        ),
      );
      const rewrapped = wrappedOf(answer);
      // Only AWS knows where an alias leads to now.
      return rewrapped.rootKeyId === wrapped.rootKeyId ? wrapped : rewrapped;
    },
    async rootKeys({ signal }) {
      const { KeyMetadata } = await ask(signal, (call) => kms.describeKey({ KeyId: keyId }, call));
      if (!KeyMetadata?.Arn) throw malformedAnswer(title);
      const { Arn, KeyState, CreationDate } = KeyMetadata;
      return [{ id: Arn, state: stateOf(KeyState), createdAtMs: CreationDate?.getTime() }];
    },
  };
}

function isKms(value: unknown): boolean {
  const kms = (value ?? {}) as Partial<AwsKmsLike>;
  return methods.every((method) => typeof kms[method] === 'function');
}

function contextOf(binding: KeyBinding): Record<string, string> {
  // Refuses what is no tenant; AWS has an encoding of its own.
  keyPlace(binding);
  return { 'unite:tenant': binding.tenantId, 'unite:key': String(binding.keyId) };
}

function keyOf(plaintext: Uint8Array | undefined): Uint8Array {
  if (plaintext?.length !== keyBytes) throw malformedAnswer(title);
  return plaintext;
}

function wrappedOf({ KeyId, CiphertextBlob }: AwsWrappedKey): WrappedKey {
  if (!KeyId || !CiphertextBlob?.length) throw malformedAnswer(title);
  return { rootKeyId: KeyId, bytes: CiphertextBlob };
}

function stateOf(keyState: string | undefined): RootKey['state'] {
  if (keyState === 'Enabled') return 'primary';
  return /deletion/i.test(keyState ?? '') ? 'destroyed' : 'disabled';
}
