/** The comment of a script or style that names its map. */
export interface SourceMappingUrl {
  readonly url: string;
  /** Where the comment begins and ends. */
  readonly start: number;
  readonly end: number;
}

const label = 'sourceMappingURL=';

/**
 * The last comment that names a map, with nothing but comments of one line after it; `undefined` without one.
 *
 * @see ECMA-426, Extracting Source Map URLs
 */
export function sourceMappingUrl(text: string): SourceMappingUrl | undefined {
  const at = text.lastIndexOf(label);
  const start = at - '//# '.length;
  const opening = text.slice(Math.max(start, 0), at);
  if (start < 0 || !/^(?:\/\/|\/\*)[#@][ \t]$/.test(opening)) return undefined;
  const isBlock = opening.startsWith('/*');
  const close = isBlock ? text.indexOf('*/', at) : endOfLine(text, at);
  if (close < 0) return undefined;
  const end = isBlock ? close + 2 : close;
  // In the middle of a program it is a text of that program.
  if (!/^\s*(?:\/\/|$)/.test(text.slice(end, end + 1_000))) return undefined;
  const url = text.slice(at + label.length, close).trim();
  return /[\s'"`]/.test(url) ? undefined : { url, start, end };
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** The content of an inline map (RFC 2397); `undefined` where the URL is of another kind. */
export function inlineMap(url: string): string | undefined {
  const comma = url.indexOf(',');
  const header = url.slice(0, comma);
  if (comma < 0 || !/^data:application\/json\b/.test(header)) return undefined;
  const content = url.slice(comma + 1);
  return header.endsWith(';base64') ? Buffer.from(content, 'base64').toString('utf8') : decodedUrl(content);
}

/** What a part of a URL says; `undefined` where it is malformed. @see RFC 3986 §2.1 */
export function decodedUrl(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
