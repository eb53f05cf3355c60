const maxLength = 2048;
/** Not a host, only something to resolve against: RFC 2606 §2. */
const anyOrigin = 'https://return.invalid';

/**
 * Where to go after a login: a path of this site, whatever was asked for.
 *
 * Refused are other sites, in all the ways that browsers and proxies read a text as one (`//x`, `/\x`, `/%2f/x`,
 * `/.//x`, tabs and line breaks), and paths with empty segments or encoded slashes, which are read differently on the way.
 *
 * @param wanted what a request said
 * @param fallback where to go where that is no path of this site; `/` where this is none either @default '/'
 * @returns a path with its query and fragment, in the spelling of the URL parser
 * @example
 * safeReturnPath('/contacts?page=2'); // '/contacts?page=2'
 * safeReturnPath('//evil.example'); // '/'
 */
export function safeReturnPath(wanted: unknown, fallback = '/'): string {
  return pathOf(wanted) ?? pathOf(fallback) ?? '/';
}

/** `undefined` for what is no path of this site. */
function pathOf(text: unknown): string | undefined {
  if (typeof text !== 'string' || text.length > maxLength || !isPath(text)) return undefined;
  const { pathname, search, hash } = new URL(text, anyOrigin);
  return `${pathname}${search}${hash}`;
}

function isPath(text: string): boolean {
  const [path = ''] = text.split(/[?#]/);
  // The URL parser drops tabs and line breaks wherever they are. https://url.spec.whatwg.org/#concept-basic-url-parser
  const hasControls = /[\0-\x20\x7f]/.test(text);
  // Two slashes anywhere: they lead, once the parser has removed the dots of `/.//x`.
  return path.startsWith('/') && !hasControls && !/\/\/|\\|%(?:25)*(?:2f|5c)/i.test(path);
}
