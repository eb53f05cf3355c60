import { appendParts, type PlacePart, placePrefix, textOf } from './encode-place';

const lengthBytes = 2;
/** Longer ids than a UUID's are rare, and get a buffer of their own. */
const maxIdBytes = 64;

/**
 * Encodes places that begin alike and end with one part, one after the other into one buffer: a new one for each is a
 * good part of what encrypting costs. What it answers holds until it is called again.
 */
export class PlaceWriter {
  readonly #prefix: Buffer;
  readonly #buffer: Buffer;
  /** Most ids of a table are as long as the one before. */
  #place: Buffer;

  constructor(domain: string, parts: readonly PlacePart[]) {
    this.#prefix = placePrefix(domain, parts, 1);
    this.#buffer = Buffer.alloc(this.#prefix.length + lengthBytes + maxIdBytes);
    this.#buffer.set(this.#prefix);
    this.#place = this.#buffer;
  }

  /** @throws CryptoError `UNITE_CRYPTO_PLACE_INVALID` */
  write(part: PlacePart): Buffer {
    const text = textOf(part);
    const start = this.#prefix.length + lengthBytes;
    const end = start + text.length;
    if (text.length > maxIdBytes || !this.#writeAscii(text, start)) return appendParts(this.#prefix, [part]);
    // The lower of two bytes of length; the higher one stays 0.
    this.#buffer[start - 1] = text.length;
    if (this.#place.length !== end) this.#place = this.#buffer.subarray(0, end);
    return this.#place;
  }

  #writeAscii(text: string, start: number): boolean {
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code > 0x7f) return false;
      this.#buffer[start + at] = code;
    }
    return true;
  }
}
