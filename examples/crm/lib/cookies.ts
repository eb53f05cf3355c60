/** The value of one cookie of a request, or `undefined`. */
export function readCookie(headers: Headers, name: string): string | undefined {
  for (const part of headers.get('cookie')?.split(';') ?? []) {
    const [key = '', ...value] = part.split('=');
    if (withoutBlanks(key) === name) return withoutBlanks(value.join('='));
  }
  return undefined;
}

/** Not `trim()`: a no-break space is a part of a name, and makes it another one. RFC 6265 §4.1.1 */
function withoutBlanks(text: string): string {
  return text.replace(/^[ \t]+|(?<![ \t])[ \t]+$/g, '');
}
