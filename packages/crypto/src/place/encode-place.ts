import { CryptoError } from '../errors';

/** A part of a place: a name, a tenant, a key. */
export type PlacePart = string | number | bigint;

const maxPartBytes = 65_535;
const lengthBytes = 2;

/**
 * The one encoding of where a value stands: what is encrypted is bound to it, and keys are derived for it.
 *
 * The count of parts, then for each its length and its UTF-8, so that no two lists of parts have the same bytes.
 * Numbers are written as decimal text: `7`, `'7'` and `7n` are one id, as a database driver returns them either way.
 *
 * @param domain what the bytes are for; the first part
 * @throws CryptoError `UNITE_CRYPTO_PLACE_INVALID`
 */
export function encodePlace(domain: string, parts: readonly PlacePart[]): Buffer {
  const texts = [domain, ...parts].map(textOf);
  const lengths = texts.map((text) => Buffer.byteLength(text));
  if (texts.length > maxPartBytes) throw invalid(`a list of ${texts.length} parts`);
  const tooLong = lengths.find((length) => length > maxPartBytes);
  if (tooLong !== undefined) throw invalid(`${tooLong} bytes long; the longest may be ${maxPartBytes}`);
  const bytes = Buffer.allocUnsafe(
    lengthBytes + lengths.reduce((total, length) => total + lengthBytes + length, 0),
  );
  let at = bytes.writeUInt16BE(texts.length, 0);
  for (const [index, text] of texts.entries()) {
    at = bytes.writeUInt16BE(lengths[index] as number, at);
    at += bytes.write(text, at);
  }
  return bytes;
}

/** @throws CryptoError */
function textOf(part: unknown): string {
  if (typeof part === 'bigint') return part.toString();
  if (typeof part === 'number') {
    if (!Number.isSafeInteger(part))
      throw invalid(`the number ${part}, which is not a whole one that is exact`);
    // Also for -0.
    return part.toFixed(0) === '-0' ? '0' : String(part);
  }
  if (typeof part !== 'string') throw invalid(`of type ${part === null ? 'null' : typeof part}`);
  if (part === '') throw invalid('empty text');
  // Half of a pair becomes the same replacement character as every other half.
  if (!part.isWellFormed()) throw invalid('text with half of a surrogate pair');
  return part;
}

function invalid(what: string): CryptoError {
  return new CryptoError('UNITE_CRYPTO_PLACE_INVALID', `A tenant, a name or a row id is ${what}`);
}
