import { CryptoError } from '../errors';

/** How values of a field become bytes, and how ciphertexts are stored. */
export interface ValueType {
  /** @throws CryptoError `UNITE_CRYPTO_VALUE_INVALID` */
  toBytes(value: unknown): Buffer;
  fromBytes(bytes: Buffer): unknown;
  toStored(sealed: Buffer): string | Buffer;
  /** @throws CryptoError `UNITE_CRYPTO_FORMAT_INVALID` */
  fromStored(stored: unknown): Buffer;
  /** What a plaintext that is not encrypted yet is read as. */
  fromPlaintext(stored: unknown): unknown;
}

const text: ValueType = {
  toBytes(value) {
    if (typeof value !== 'string') throw invalid('text', value);
    if (!value.isWellFormed()) throw invalid('text without half of a surrogate pair', value);
    return Buffer.from(value);
  },
  fromBytes: (bytes) => bytes.toString(),
  toStored: (sealed) => sealed.toString('base64url'),
  fromStored(stored) {
    const bytes = typeof stored === 'string' ? Buffer.from(stored, 'base64url') : undefined;
    // Decoding skips what is no base64url: one ciphertext would have many spellings.
    if (bytes && bytes.toString('base64url') === stored) return bytes;
    throw new CryptoError(
      'UNITE_CRYPTO_FORMAT_INVALID',
      `what is stored is no ciphertext, but ${bytes ? 'other text' : kindOf(stored)}`,
    );
  },
  fromPlaintext: (stored) => stored,
};

const jsonValue = 'a value that JSON can say';

const json: ValueType = {
  ...text,
  toBytes(value) {
    const written = writeJson(value);
    if (written === undefined) throw invalid(jsonValue, value);
    return Buffer.from(written);
  },
  fromBytes(bytes) {
    try {
      return JSON.parse(bytes.toString());
    } catch {
      // The error of the parser quotes the text.
      throw new CryptoError('UNITE_CRYPTO_FORMAT_INVALID', 'what was encrypted is no JSON');
    }
  },
  // A driver has parsed a column of type json already.
  fromPlaintext: (stored) => (typeof stored === 'string' ? parsedOrText(stored) : stored),
};

const bytes: ValueType = {
  toBytes(value) {
    if (value instanceof Uint8Array) return asBuffer(value);
    throw invalid('bytes', value);
  },
  fromBytes: (plain) => plain,
  toStored: (sealed) => sealed,
  fromStored(stored) {
    if (stored instanceof Uint8Array) return asBuffer(stored);
    throw new CryptoError(
      'UNITE_CRYPTO_FORMAT_INVALID',
      `what is stored must be bytes, got ${kindOf(stored)}`,
    );
  },
  fromPlaintext: (stored) => stored,
};

/** The types of fields. */
export const valueTypes = { text, json, bytes } as const;

/** The same bytes. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function writeJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    // What was thrown may hold names of properties, and whatever a `toJSON` says.
    throw invalid(jsonValue, value);
  }
}

function parsedOrText(stored: string): unknown {
  try {
    return JSON.parse(stored);
  } catch {
    return stored;
  }
}

/** Never the value itself. */
function invalid(expected: string, value: unknown): CryptoError {
  return new CryptoError('UNITE_CRYPTO_VALUE_INVALID', `the value must be ${expected}, got ${kindOf(value)}`);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (value instanceof Uint8Array) return 'bytes';
  return Array.isArray(value) ? 'a list' : typeof value === 'string' ? 'text' : `of type ${typeof value}`;
}
