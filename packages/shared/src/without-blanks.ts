/**
 * A part of a `Cookie` header without the spaces and tabs around it. `trim()` would take off a no-break space as well: to
 * browsers that is a part of the name, which then has no prefix such as `__Host-` that they protect, and any subdomain
 * may set it.
 */
export function withoutBlanks(text: string): string {
  return text.replace(/^[ \t]+|(?<![ \t])[ \t]+$/g, '');
}
