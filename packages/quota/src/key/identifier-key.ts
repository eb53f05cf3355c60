import { createHash } from 'node:crypto';
import { describeValue } from '@unite/shared';
import { QuotaError } from '../errors';

/** A longer one is replaced by its digest. */
const maxKeyLength = 64;

/** The time of a normalisation grows with the square of a text of combining characters. */
const maxNormalisedLength = 1_024;

/** Control characters, halves of characters, and separators of lines. */
const forbidden = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Nothing of them is seen: zero-width spaces, soft hyphens, variation selectors. */
const invisible = /\p{Default_Ignorable_Code_Point}+/gu;

/**
 * The key of an account, an e-mail address or an API key: the same for all ways to write it that some system takes
 * for the same. Case, compatibility forms (NFKC), white space around it, full stops at its end and invisible
 * characters make no difference. Above 64 characters it is a SHA-256 digest; above 1,024 of the text as it is.
 *
 * @returns at most 64 characters
 * @throws QuotaError `UNITE_QUOTA_KEY_INVALID` for what is no text, empty, or has control characters
 * @example
 * identifierKey(' Ada@Example.COM.'); // 'ada@example.com'
 */
export function identifierKey(text: string): string {
  return keyOfText('a key', text);
}

/** @param what named in errors */
export function keyOfText(what: string, text: string): string {
  if (typeof text !== 'string') {
    throw new QuotaError('UNITE_QUOTA_KEY_INVALID', `${what} must be a text, got ${describeValue(text)}`);
  }
  const given = withoutEnds(text.replace(invisible, ''));
  if (forbidden.test(given)) {
    throw new QuotaError('UNITE_QUOTA_KEY_INVALID', `${what} may have no control characters`);
  }
  const key = given.length > maxNormalisedLength ? given : withoutEnds(folded(given).replace(invisible, ''));
  if (key === '') throw new QuotaError('UNITE_QUOTA_KEY_INVALID', `${what} may not be empty`);
  return key.length > maxKeyLength ? `sha256:${createHash('sha256').update(key).digest('base64url')}` : key;
}

/** As NFKC_Casefold of Unicode §3.13; upper case first, so that ß is ss and both forms of a final sigma are one. */
function folded(text: string): string {
  return text.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
}

/** By hand: the time of a regular expression would grow with the square of white space within. */
function withoutEnds(text: string): string {
  let end = text.length;
  while (end > 0 && /[\s.]/.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end).trimStart();
}
