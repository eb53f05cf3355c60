import { CryptoError, type CryptoErrorCode } from '../../errors';
import { beforeAbort } from '../before-abort';

/** What may come of a question to a hosted key service. */
export type HostedFailure = Extract<
  CryptoErrorCode,
  | 'UNITE_CRYPTO_KEYS_UNAVAILABLE'
  | 'UNITE_CRYPTO_KEYS_DENIED'
  | 'UNITE_CRYPTO_KEY_UNKNOWN'
  | 'UNITE_CRYPTO_KEY_DISABLED'
  | 'UNITE_CRYPTO_KEY_DESTROYED'
  | 'UNITE_CRYPTO_UNWRAP_FAILED'
>;

const words: Readonly<Record<HostedFailure, string>> = {
  UNITE_CRYPTO_KEYS_UNAVAILABLE: 'does not answer, or is throttling',
  UNITE_CRYPTO_KEYS_DENIED: 'refuses these credentials',
  UNITE_CRYPTO_KEY_UNKNOWN: 'has no such root key',
  UNITE_CRYPTO_KEY_DISABLED: 'says that the root key is disabled',
  UNITE_CRYPTO_KEY_DESTROYED: 'says that the root key is destroyed, or about to be',
  UNITE_CRYPTO_UNWRAP_FAILED: 'refuses a wrapped key: it was altered, or belongs to another tenant',
};

/** How a service is asked. */
export interface HostedQuestion {
  /** How messages name it: `AWS KMS`. */
  readonly title: string;
  readonly signal: AbortSignal;
  /** What an error of the client means. */
  failureOf(error: unknown): HostedFailure;
}

/**
 * What a service answers within the time.
 *
 * @throws CryptoError whose cause says what the client said, and no more: errors of clients hold whole answers
 */
export async function askHosted<Answer>(
  { title, signal, failureOf }: HostedQuestion,
  work: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await beforeAbort(work, signal, title);
  } catch (error) {
    if (CryptoError.isInstance(error)) throw error;
    throw hostedError(title, failureOf(error), plainCause(error));
  }
}

export function hostedError(title: string, code: HostedFailure, cause?: Error): CryptoError {
  return new CryptoError(code, `${title} ${words[code]}`, cause ? { cause } : {});
}

/** An answer that is none: nothing of it is shown, for it may hold a key. */
export function malformedAnswer(title: string): CryptoError {
  return new CryptoError('UNITE_CRYPTO_KEYS_UNAVAILABLE', `${title} answers what cannot be read`);
}

/** What of an error is no answer: its message may quote one, and its other properties may be one. */
function plainCause(error: unknown): Error {
  const { name, code, status, message, $fault } = (error ?? {}) as Readonly<Record<string, unknown>>;
  // AWS's word on a request that it refuses: it names the permission that is missing.
  const sentence = $fault === 'client' ? message : undefined;
  const parts = [name, code, status, sentence].filter((part) => /^(string|number)$/.test(typeof part));
  return new Error(parts.length > 0 ? parts.join(' ').slice(0, 500) : 'unknown');
}
