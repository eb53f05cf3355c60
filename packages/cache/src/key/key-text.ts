import { createHash } from 'node:crypto';
import { describeValue } from '@unite/shared';
import { CacheError } from '../errors';
import type { KeyPart } from '../types';
import { escapeHalfCharacters } from './half-characters';

/** What would be read as a separator, a wildcard, a hash tag or a type, and what no terminal should print. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const special = /[%:*{}~\u0000-\u001f\u007f\ud800-\udfff]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const everySpecial = /[%:*{}~\u0000-\u001f\u007f]/g;

/** A longer part is replaced by its digest: keys come from users, and stay short. */
const maxPartLength = 256;

/**
 * The text of a key: `contacts:acme:42:1~ssn`. Parts are separated by colons, with what is special in them as
 * `%xx`; where one is not a string, the types follow, so that `1` and `'1'` are two keys.
 *
 * @throws CacheError `UNITE_CACHE_KEY_INVALID`
 */
export function keyText(prefix: string, parts: readonly KeyPart[]): string {
  if (!Array.isArray(parts)) {
    const owner = prefix.split(':')[0];
    const text = `${owner}: the key must be an array of parts, got ${describeValue(parts)}`;
    throw new CacheError('UNITE_CACHE_KEY_INVALID', text);
  }
  let text = prefix;
  let isTyped = false;
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index];
    if (typeof part === 'string') {
      text += `:${escapePart(part)}`;
    } else {
      text += `:${checkedPart(part, index, prefix)}`;
      isTyped = true;
    }
  }
  return isTyped ? `${text}~${typesOf(parts)}` : text;
}

/** A part as it stands in a key; what is too long, by its digest. */
export function escapePart(part: string): string {
  if (part.length <= maxPartLength && !special.test(part)) return part;
  const text = part.replace(everySpecial, (character) => {
    return `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  const whole = escapeHalfCharacters(text);
  return part.length > maxPartLength ? `%#${createHash('sha256').update(whole).digest('base64url')}` : whole;
}

/** A letter for each part: `s` for a string, `n` for a number. */
function typesOf(parts: readonly KeyPart[]): string {
  let types = '';
  for (const part of parts) types += part === null ? '0' : (typeof part)[0];
  return types;
}

function checkedPart(part: unknown, index: number, prefix: string): string {
  const isFine =
    part === null ||
    typeof part === 'boolean' ||
    typeof part === 'bigint' ||
    (typeof part === 'number' && Number.isFinite(part));
  if (isFine) return `${part}`;
  throw new CacheError(
    'UNITE_CACHE_KEY_INVALID',
    `${prefix.split(':')[0]}: part ${index} of the key must be a string, a finite number, a boolean, a bigint or null, got ${describeValue(part)}`,
  );
}
