import { QuotaError } from '../errors';

/** The refusal as a client sees it: when to come again (RFC 6585 §4), and nothing of whom it is for. */
export function tooManyAttempts(retryAfterMs: number): QuotaError {
  const seconds = Math.ceil(retryAfterMs / 1_000);
  return new QuotaError('UNITE_QUOTA_EXCEEDED', 'too many attempts', {
    retryAfterMs,
    problem: {
      type: 'about:blank',
      status: 429,
      title: 'Too Many Requests',
      detail: `Too many attempts. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`,
      headers: { 'Retry-After': String(seconds) },
    },
  });
}
