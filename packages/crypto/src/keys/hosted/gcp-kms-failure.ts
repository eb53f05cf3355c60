import type { HostedFailure } from './ask-hosted';

/** By the codes of gRPC. @see https://grpc.io/docs/guides/status-codes */
const failures: Readonly<Record<number, HostedFailure>> = {
  5: 'UNITE_CRYPTO_KEY_UNKNOWN',
  7: 'UNITE_CRYPTO_KEYS_DENIED',
  16: 'UNITE_CRYPTO_KEYS_DENIED',
};
const invalidArgument = 3;
const failedPrecondition = 9;

/** What an error of Google's client means for encrypting. */
export function gcpEncryptFailure(error: unknown): HostedFailure {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (code === failedPrecondition) {
    return /destroy/i.test(String(message)) ? 'UNITE_CRYPTO_KEY_DESTROYED' : 'UNITE_CRYPTO_KEY_DISABLED';
  }
  return failures[code as number] ?? 'UNITE_CRYPTO_KEYS_UNAVAILABLE';
}

/** What it means for decrypting, where a ciphertext of another context is an invalid argument. */
export function gcpDecryptFailure(error: unknown): HostedFailure {
  const isInvalid = (error as { code?: unknown } | null)?.code === invalidArgument;
  return isInvalid ? 'UNITE_CRYPTO_UNWRAP_FAILED' : gcpEncryptFailure(error);
}
