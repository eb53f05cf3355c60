import { describeValue } from '@unite/shared';

/** RFC 9110 §5.6.2: a token. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** RFC 9110 §5.5: no line breaks, or one header would be two. */
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/;
/** About the connection and where the body ends, which the generator says itself. */
const own = new Set(['connection', 'content-length', 'expect', 'keep-alive', 'transfer-encoding', 'upgrade']);

/** @throws TypeError that names the header; its value, which may be a secret, is not shown */
export function checkHeaders(owner: string, headers: Readonly<Record<string, unknown>> = {}): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!token.test(name)) throw new TypeError(`${owner}: ${describeValue(name)} cannot be a header's name`);
    if (own.has(name.toLowerCase())) throw new TypeError(`${owner}: header "${name}" cannot be set`);
    if (typeof value !== 'string' || !fieldValue.test(value)) {
      throw new TypeError(`${owner}: header "${name}" must be text of one line in Latin-1`);
    }
  }
}
