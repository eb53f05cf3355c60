/// <reference lib="es2024.string" />
import { clip } from './clip';

/**
 * The text as a URI reference (RFC 3986 §4.1): what is not allowed in one is percent-encoded. Lone surrogates
 * have no UTF-8 form, so they are replaced.
 */
export function uriReference(text: unknown): string | undefined {
  const clipped = clip(text);
  return (
    clipped &&
    encodeURI(clipped.toWellFormed())
      .replace(/%25(?=[\da-f]{2})/gi, '%')
      .replace(/^\/+/, '/')
  );
}

/**
 * JSON Pointer in its URI fragment form: `~` and `/` escaped (RFC 6901 §3), then percent-encoded as
 * UTF-8 (§6). The whole document is `#`.
 *
 * @example
 * pointerTo(['address', 'post/code']) // '#/address/post~1code'
 */
export function pointerTo(path: readonly PropertyKey[]): string {
  return `#${path.map((segment) => `/${encodeURIComponent(escaped(String(segment)))}`).join('')}`;
}

function escaped(segment: string): string {
  return segment.toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1');
}
