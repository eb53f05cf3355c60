import { secretParameters, secretPart } from './secret-names';

const secretParameter = new RegExp(
  `^(?:[\\w.-]{0,40}\\[)?(?:${secretParameters})\\]?$|${secretPart.source}`,
  'i',
);

/** A parameter whose name is written with escapes. Names are disjoint, so this takes time in proportion. */
const escaped = /(^|[?&;#])([^\s?&;#"'<>=]{1,120})=(?!\[redacted\])([^\s&;#"'<>]+)/g;

/** Of OAuth, of signed addresses, of many an API; and whatever has a part that says so. */
const plain = new RegExp(
  `(^|[?&;#])((?:(?:[\\w.-]{0,40}\\[)?(?:${secretParameters})\\]?|[\\w.%~[-]{0,40}?(?:${secretPart.source})[\\w.%~\\]-]{0,24})=)(?!\\[redacted\\])[^\\s&;#"'<>]+`,
  'gi',
);

/** A query that is itself the value of a parameter, encoded once or more. */
const nested = new RegExp(
  `(%(?:25){0,2}(?:3F|26)(?:${secretParameters}|[\\w.-]{0,40}?(?:${secretPart.source})[\\w.-]{0,24})%(?:25){0,2}3D)(?!\\[redacted\\])(?:(?!%(?:25){0,2}(?:26|23))[^\\s&;#"'<>])+`,
  'gi',
);

/** A text with the credentials in query strings masked. */
export function maskParameters(text: string, mask: string): string {
  const masked = text.replace(plain, `$1$2${mask}`);
  if (!masked.includes('%')) return masked;
  return masked.replace(escaped, unlessHarmless).replace(nested, `$1${mask}`);

  function unlessHarmless(all: string, before: string, name: string): string {
    return name.includes('%') && secretParameter.test(decoded(name)) ? `${before}${name}=${mask}` : all;
  }
}

/** @see RFC 3986 §2.1 */
function decoded(name: string): string {
  return name.replace(/%[2-7][0-9a-f]/gi, (octet) =>
    String.fromCharCode(Number.parseInt(octet.slice(1), 16)),
  );
}
