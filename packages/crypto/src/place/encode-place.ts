import { CryptoError } from '../errors';

/** A part of a place: a name, a tenant, a key. */
export type PlacePart = string | number | bigint;

const maxPartBytes = 65_535;
const lengthBytes = 2;

/**
 * The one encoding of where a value stands: what is encrypted is bound to it, and keys are derived for it.
 *
 * The count of parts, then for each its length and its UTF-8, so that no two lists of parts have the same bytes.
 * Numbers are written as decimal text: `7`, `'7'` and `7n` are one id, as a database driver returns it either way.
 *
 * @param domain what the bytes are for; the first part
 * @throws CryptoError `UNITE_CRYPTO_PLACE_INVALID`
 */
export function encodePlace(domain: string, parts: readonly PlacePart[]): Buffer {
  return appendParts(placePrefix(domain, [], parts.length), parts);
}

/**
 * The beginning of a place whose last parts are not known yet, for whoever encodes many that begin alike.
 *
 * @param laterParts how many parts will follow
 */
export function placePrefix(domain: string, parts: readonly PlacePart[], laterParts: number): Buffer {
  const count = 1 + parts.length + laterParts;
  if (count > maxPartBytes) throw invalid(`a list of ${count} parts`);
  const counted = Buffer.alloc(lengthBytes);
  counted.writeUInt16BE(count);
  return appendParts(counted, [domain, ...parts]);
}

/** The whole place. */
export function appendParts(prefix: Uint8Array, parts: readonly PlacePart[]): Buffer {
  const texts = parts.map((part) => textOf(part));
  const place = Buffer.allocUnsafe(
    texts.reduce((bytes, text) => bytes + lengthBytes + lengthOf(text), prefix.length),
  );
  place.set(prefix);
  let at = prefix.length;
  for (const text of texts) {
    const length = place.write(text, at + lengthBytes);
    place.writeUInt16BE(length, at);
    at += lengthBytes + length;
  }
  return place;
}

function lengthOf(text: string): number {
  const length = Buffer.byteLength(text);
  if (length > maxPartBytes) throw invalid(`${length} bytes long; the longest may be ${maxPartBytes}`);
  return length;
}

/**
 * A part as it is written.
 *
 * @param what the part is, for the message
 * @throws CryptoError `UNITE_CRYPTO_PLACE_INVALID`
 */
export function textOf(part: unknown, what?: string): string {
  if (typeof part === 'string') {
    if (part === '') throw invalid('empty text', what);
    // Half of a pair becomes the same replacement character as every other half.
    if (!part.isWellFormed()) throw invalid('text with half of a surrogate pair', what);
    return part;
  }
  if (typeof part === 'bigint') return part.toString();
  if (typeof part !== 'number') throw invalid(part == null ? String(part) : `of type ${typeof part}`, what);
  if (!Number.isSafeInteger(part)) throw invalid(`${part}, which is no whole number that is exact`, what);
  return String(part);
}

function invalid(is: string, what = 'A tenant, a name or a row id'): CryptoError {
  return new CryptoError('UNITE_CRYPTO_PLACE_INVALID', `${what} is ${is}`);
}
