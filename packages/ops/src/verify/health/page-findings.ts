import type { Finding } from '@unite/core';
import { failed, warned } from '../finding';
import type { HealthAnswer } from './ask-health';

/** The request header that the pages echo. */
export const nonceHeader = 'x-health-nonce';

/** Headers by which a cache says that it stands in between. */
const cacheHeaders = ['age', 'x-cache', 'cf-cache-status', 'x-vercel-cache'];

/** One question and its answer. */
export interface Exchange {
  readonly nonce: string;
  readonly answer: HealthAnswer;
}

/** Why an answer is not the application's own word, so that nothing that it says counts. */
export function notThePage(subject: string, { nonce, answer }: Exchange): Finding | undefined {
  const { status, headers } = answer;
  if (status >= 300 && status < 400) {
    return failed(
      subject,
      `is redirected to ${withoutQuery(headers.location)} (${status})`,
      'Leave the health pages out of sign-in, and of redirects to another host, scheme or path.',
    );
  }
  if (status === 401 || status === 403) {
    return failed(
      subject,
      `asks who is asking (${status})`,
      'Let probes in without credentials, or give those that they have as `headers`.',
    );
  }
  const report = reportIn(answer);
  // While it drains, readiness may be 404 for a proxy that wants it so.
  if (status === 404 && report?.state === undefined) {
    return failed(
      subject,
      'is not there (404)',
      'Mount the health pages, or correct `url`, `paths` and `groups`.',
    );
  }
  if (!report) {
    return failed(
      subject,
      `answers ${String(headers['content-type'] ?? 'nothing that has a type').split(';')[0]} and not a health report (${status})`,
      'Mount the health pages before the application’s own routes, or correct `url` and `paths`.',
    );
  }
  if (headers[nonceHeader] === nonce) return undefined;
  const echoed = headers[nonceHeader];
  return failed(
    subject,
    echoed === undefined
      ? 'does not send the nonce back: a cache, a file or something else answers in its place'
      : 'sends an earlier nonce back: a cache answers in its place',
    'Keep caches and static files away from the health pages, and let the headers x-health-nonce and cache-control through.',
  );
}

/** What is wrong with how the application's own answers come. */
export function deliveryFindings(
  subject: string,
  { headers }: HealthAnswer,
  slowestMs: number,
  slowMs: number,
): Finding[] {
  const findings: Finding[] = [];
  const seen = cacheHeaders.filter((name) => headers[name] !== undefined);
  if (seen.length > 0) {
    findings.push(
      warned(
        subject,
        `comes through a cache, which says ${seen.map((name) => `${name}: ${headers[name]}`).join(', ')}`,
        'Send probes to the application itself, or make the cache pass the health pages by.',
      ),
    );
  }
  if (!/\bno-store\b/i.test(headers['cache-control'] ?? '')) {
    findings.push(
      warned(
        subject,
        'may be cached: it has no cache-control: no-store',
        'Send cache-control: no-store, and let no proxy remove it.',
      ),
    );
  }
  if (slowestMs > slowMs) {
    findings.push(
      warned(
        subject,
        `takes ${slowestMs} ms, and probes give up after 1000 ms`,
        'Give the checks a shorter time, and look what keeps the event loop.',
        { answeredAfterMs: slowestMs },
      ),
    );
  }
  return findings;
}

/** The object in an answer; anything else is no report. */
export function reportIn({ body }: HealthAnswer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== 'object' || value === null || !('status' in value)) return undefined;
    return value as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}

/** A query may have a token. */
function withoutQuery(location = 'nowhere'): string {
  return location.split(/[?#]/)[0]?.slice(0, 200) || '/';
}
