import { withoutBlanks } from '@unite/shared';

/**
 * The value of one cookie of a `Cookie` header, without quotes. Of several with one name it is the first,
 * which browsers make the one with the longest path.
 *
 * @see RFC 6265 §4.2.1, §5.4
 */
export function readCookie(header: string, name: string): string | undefined {
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=');
    if (equals < 0 || withoutBlanks(pair.slice(0, equals)) !== name) continue;
    const value = withoutBlanks(pair.slice(equals + 1));
    return /^".*"$/.test(value) ? value.slice(1, -1) : value;
  }
  return undefined;
}
