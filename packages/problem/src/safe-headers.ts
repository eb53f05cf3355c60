import { warnOnce } from '@unite/shared';

/** A header name is a token (RFC 9110 §5.6.2). */
const namePattern = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;

/** Field content without control characters (RFC 9110 §5.5): no CR, LF or NUL can reach the wire. */
const valuePattern = /^[\t\x20-\x7e\x80-\xff]*$/;

/** What belongs to the connection (RFC 9110 §7.6.1) or is decided by the rendering, not by a problem. */
const refusedNames =
  /^(?:connection|keep-alive|proxy-connection|te|trailer|transfer-encoding|upgrade|content-(?:type|length|encoding|language)|x-content-type-options)$/;

/** Whether a problem may carry this header. */
export function isSafeHeader(name: string, value: unknown): value is string {
  const lowerName = name.toLowerCase();
  return (
    namePattern.test(lowerName) &&
    !refusedNames.test(lowerName) &&
    typeof value === 'string' &&
    valuePattern.test(value)
  );
}

/** The headers that may be sent, names in lower case. The rest is dropped; the value is never repeated. */
export function safeHeaders(headers: unknown): Record<string, string> {
  const safe: Record<string, string> = {};
  if (typeof headers !== 'object' || headers === null) return safe;
  for (const [name, value] of Object.entries(headers)) {
    if (isSafeHeader(name, value)) safe[name.toLowerCase()] = value;
    else
      warnOnce(
        'UNITE_PROBLEM_HEADER_DROPPED',
        `problem: header ${JSON.stringify(name)} was dropped: not allowed or not valid`,
      );
  }
  return safe;
}
