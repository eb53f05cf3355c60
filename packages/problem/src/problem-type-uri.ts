/** Longest type that is sent. */
const maxLength = 2_000;

/** Lower-case words joined by hyphens, a letter first: safe in a URL, a digest, a file name and a component name. */
export function isSlug(text: string): boolean {
  return /^[a-z][a-z\d]*(-[a-z\d]+)*$/.test(text) && text.length <= 100;
}

/** An absolute URI or a path, in the characters of RFC 3986. */
export function isTypeUri(text: unknown): text is string {
  return (
    typeof text === 'string' &&
    /^([a-z][\w+.-]*:|\/)[!#-;=?-[\]_a-z~]*$/i.test(text) &&
    text.length <= maxLength
  );
}
