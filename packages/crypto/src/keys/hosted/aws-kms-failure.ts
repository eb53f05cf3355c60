import type { HostedFailure } from './ask-hosted';

/** By the names of AWS's exceptions; others are outages, throttling and answers that cannot be read. */
const failures: Readonly<Record<string, HostedFailure>> = {
  AccessDeniedException: 'UNITE_CRYPTO_KEYS_DENIED',
  ExpiredTokenException: 'UNITE_CRYPTO_KEYS_DENIED',
  IncompleteSignatureException: 'UNITE_CRYPTO_KEYS_DENIED',
  InvalidSignatureException: 'UNITE_CRYPTO_KEYS_DENIED',
  MissingAuthenticationTokenException: 'UNITE_CRYPTO_KEYS_DENIED',
  NotAuthorizedException: 'UNITE_CRYPTO_KEYS_DENIED',
  UnrecognizedClientException: 'UNITE_CRYPTO_KEYS_DENIED',
  DisabledException: 'UNITE_CRYPTO_KEY_DISABLED',
  InvalidArnException: 'UNITE_CRYPTO_KEY_UNKNOWN',
  NotFoundException: 'UNITE_CRYPTO_KEY_UNKNOWN',
  IncorrectKeyException: 'UNITE_CRYPTO_UNWRAP_FAILED',
  InvalidCiphertextException: 'UNITE_CRYPTO_UNWRAP_FAILED',
};

/**
 * What an error of AWS's client means.
 *
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html
 */
export function awsKmsFailure(error: unknown): HostedFailure {
  const { name, message } = (error ?? {}) as { name?: unknown; message?: unknown };
  // One exception for all states but "Disabled", which its message names.
  if (name === 'KMSInvalidStateException' && /pending (replica )?deletion/i.test(String(message)))
    return 'UNITE_CRYPTO_KEY_DESTROYED';
  const known = typeof name === 'string' && Object.hasOwn(failures, name) ? failures[name] : undefined;
  return known ?? 'UNITE_CRYPTO_KEYS_UNAVAILABLE';
}
