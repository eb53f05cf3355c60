import { CryptoError } from '../errors';
import { AnswerTooLong, maxAnswerBytes } from './bounded-fetch';

/** What an error of `openid-client` may say about itself. */
interface ClientFailure {
  readonly code?: unknown;
  readonly error?: unknown;
}

/** What is wrong with the answer, rather than with whoever should have answered. */
const misfits = new Set([
  'OAUTH_INVALID_RESPONSE',
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
  'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED',
  'OAUTH_KEY_SELECTION_FAILED',
  'OAUTH_UNSUPPORTED_OPERATION',
]);

/** The provider's own troubles, as it tells them by the browser. RFC 6749 §4.1.2.1 */
const troubles = new Set(['server_error', 'temporarily_unavailable']);

/**
 * What went wrong between the provider and us. Causes of `openid-client` hold whole answers, with tokens and codes: only
 * their codes are kept.
 */
export function loginError(error: unknown): CryptoError {
  const tooLong = tooLongOf(error);
  if (tooLong) return tooLong;
  const { code, answer } = namesOf(error);
  if (code === 'OAUTH_AUTHORIZATION_RESPONSE_ERROR' && !troubles.has(answer)) {
    return new CryptoError('UNITE_CRYPTO_LOGIN_REFUSED', `The identity provider refuses: ${answer}`);
  }
  // RFC 6749 §5.2: the code is used, of another client or login, or too old.
  if (misfits.has(code) || (code === 'OAUTH_RESPONSE_BODY_ERROR' && answer === 'invalid_grant')) {
    return misfit(answer || code);
  }
  return unavailable(answer || code);
}

/** The same for what is asked before anybody signs in. */
export function discoveryError(error: unknown): CryptoError {
  const { code, answer } = namesOf(error);
  return tooLongOf(error) ?? unavailable(`discovery failed, ${answer || code}`);
}

/** @param what in a few words, without what the provider wrote */
export function misfit(what: string): CryptoError {
  return new CryptoError('UNITE_CRYPTO_LOGIN_INVALID', `The answer does not fit the login: ${what}`);
}

/**
 * @param what in a few words, without what the provider wrote
 * @param cause one that holds nothing of it either
 */
export function unavailable(what: string, cause?: AnswerTooLong): CryptoError {
  return new CryptoError(
    'UNITE_CRYPTO_LOGIN_UNAVAILABLE',
    `The identity provider does not answer as it should: ${what}`,
    cause && { cause },
  );
}

/** The same error, which removes a cookie when it is answered. */
export function withSetCookie(error: CryptoError, cookie: string): CryptoError {
  const headers = { ...error.problem.headers, 'Set-Cookie': cookie };
  return new CryptoError(error.code, error.message, {
    problem: { ...error.problem, headers },
    cause: error,
  });
}

/** `openid-client` wraps what `fetch` throws. */
function tooLongOf(error: unknown): CryptoError | undefined {
  if (!(error instanceof Error && error.cause instanceof AnswerTooLong)) return undefined;
  return unavailable(`an answer has more than ${maxAnswerBytes} bytes`, error.cause);
}

/** Codes only: other text might hold anything. */
function namesOf(error: unknown): { readonly code: string; readonly answer: string } {
  const failure: ClientFailure = typeof error === 'object' && error !== null ? error : {};
  return { code: nameOf(failure.code) || 'no connection', answer: nameOf(failure.error) };
}

function nameOf(value: unknown): string {
  return typeof value === 'string' && /^\w{1,64}$/.test(value) ? value : '';
}
