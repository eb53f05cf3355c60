import { checkOptions, expects } from '@unite/shared';
import type { HealthCheck } from '../health/health-types';
import type { CheckOptions } from './check-types';
import { commonChecks, defineCheck } from './define-check';
import { failureWords } from './failure-words';
import { NoAnswerError } from './round-trip';

/** Options of `httpCheck`. */
export interface HttpCheckOptions extends CheckOptions {
  /** `http://` or `https://`. It is in no report, but must have no user and no password. */
  readonly url: string;
  /** Statuses of a service that is well. @default 200–299 */
  readonly expect?: readonly number[] | undefined;
}

const isPlainUrl = expects('an http: or https: URL without a user', (value) => {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return ['http:', 'https:'].includes(protocol) && username === '' && password === '';
});

const areStatuses = expects(
  'an array of statuses, 100 to 599',
  (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((item) => Number.isInteger(item) && item >= 100 && item < 600),
);

/**
 * Whether another service answers a GET. Redirects are not followed, the body is not read, and the connection is given
 * up when the time is up.
 *
 * @throws TypeError for options that are none
 * @example
 * httpCheck({ url: 'http://pricing.internal/health/ready', group: 'pricing' })
 */
export function httpCheck(options: HttpCheckOptions): HealthCheck {
  // A URL may have a password, and is not shown.
  if (isPlainUrl(options?.url)) {
    throw new TypeError('httpCheck: option "url" must be an http: or https: URL without a user');
  }
  checkOptions('httpCheck', options, { ...commonChecks, url: isPlainUrl, expect: areStatuses }, ['url']);
  const { url, expect } = options;
  return defineCheck(options, async (signal, waitMs) => {
    signal.throwIfAborted();
    const timeout = AbortSignal.timeout(waitMs);
    try {
      const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.any([signal, timeout]) });
      await response.body?.cancel();
      const { status, ok } = response;
      const isExpected = expect ? expect.includes(status) : ok;
      return { status: isExpected ? 'up' : 'down', detail: `answers ${status}` };
    } catch (error) {
      signal.throwIfAborted();
      const reason = timeout.aborted ? new NoAnswerError(waitMs) : error;
      return { status: 'down', detail: failureWords(reason) };
    }
  });
}
