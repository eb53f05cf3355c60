const maxElementLength = 1_024;

/** One `name=value` of an element, with its value as a token or in quotes; brackets without quotes are common. */
const pair = /[ \t]*([\w!#$%&'*+.^`|~-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s";,]*))[ \t]*(?:;|$)/y;

/**
 * The node that an element of `Forwarded` is for (RFC 7239 §4): an address as text, `unknown`, or an obfuscated
 * identifier (§6). `undefined` when the element says it twice, not at all, or cannot be read.
 */
export function forwardedFor(element: string): string | undefined {
  if (element.length > maxElementLength) return undefined;
  let node: string | undefined;
  pair.lastIndex = 0;
  while (pair.lastIndex < element.length) {
    const [, name, quoted, token] = pair.exec(element) ?? [];
    if (name === undefined) return undefined;
    if (name.toLowerCase() !== 'for') continue;
    if (node !== undefined) return undefined;
    node = quoted?.replace(/\\(.)/g, '$1') ?? token;
  }
  return node;
}
