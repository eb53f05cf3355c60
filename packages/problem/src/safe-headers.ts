import { warnOnce } from '@unite/shared';

/**
 * What belongs to the connection (RFC 9110 §7.6.1) or is decided by the rendering, and what is no token
 * (RFC 9110 §5.6.2).
 */
const refusedName =
  /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|x-content-type-options|content-(type|length|encoding|language)|)$|[^\w!#$%&'*+\-.^`|~]/i;

/** What field content never holds (RFC 9110 §5.5): CR, LF and NUL above all. */
const refusedInValue = /[^\t -~\x80-\xff]/;

/** Whether a problem may carry this header. */
export function isSafeHeader([name, value]: readonly [string, unknown]): boolean {
  return typeof value === 'string' && !refusedName.test(name) && !refusedInValue.test(value);
}

/** The headers that may be sent, names in lower case. The rest is dropped; the value is never repeated. */
export function safeHeaders(headers: object): Record<string, string> {
  const safe: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (isSafeHeader([name, value])) safe[name.toLowerCase()] = value;
    else
      warnOnce(
        'UNITE_PROBLEM_HEADER_DROPPED',
        `problem: header ${JSON.stringify(name)} was dropped: not a header of a problem, or no text in Latin-1`,
      );
  }
  return safe;
}
