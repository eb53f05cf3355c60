import { Packr } from 'msgpackr';
import type { CacheCodec } from '../remote-types';
import { findUnencodable } from './find-unencodable';

/** What the remote layer keeps of a value. */
export interface StoredEntry {
  readonly value: unknown;
  /** When its load began, by the wall clock, in milliseconds. */
  readonly loadedAtMs: number;
  readonly loadMs: number;
  /** Tags that the parameters do not tell. */
  readonly extraTags: readonly string[];
}

/** Keeps dates, maps, sets, `undefined`, big integers, buffers, and objects that refer to themselves. */
const packr = new Packr({ structuredClone: true, moreTypes: true, copyBuffers: true });

/** The shape of what is stored. An entry of another version is a miss. */
const version = 1;

/** Values as bytes, with the key in them: an entry under another key, another tenant's, is not taken for this one's. */
export class EntryCodec {
  readonly #codec: CacheCodec | undefined;

  constructor(codec: CacheCodec | undefined) {
    this.#codec = codec;
  }

  /** @throws TypeError that says what in the value cannot be encoded, and whatever the codec throws */
  encode(
    key: string,
    { value, loadedAtMs, loadMs, extraTags }: StoredEntry,
  ): Uint8Array | Promise<Uint8Array> {
    const unencodable = findUnencodable(value);
    if (unencodable) throw new TypeError(unencodable);
    const bytes = packr.pack([version, key, loadedAtMs, loadMs, extraTags, value]);
    return this.#codec ? this.#codec.encode(bytes, { key }) : bytes;
  }

  /** @throws Error where the bytes are not an entry of this key */
  async decode(key: string, bytes: Uint8Array): Promise<StoredEntry> {
    const plain = this.#codec ? await this.#codec.decode(bytes, { key }) : bytes;
    const [storedVersion, storedKey, loadedAtMs, loadMs, extraTags, value] = packr.unpack(plain) as [
      number,
      string,
      number,
      number,
      string[],
      unknown,
    ];
    if (storedVersion !== version) throw new Error(`an entry of version ${String(storedVersion)}`);
    if (storedKey !== key) throw new Error('an entry of another key');
    return { value, loadedAtMs, loadMs, extraTags };
  }
}

/** Any value as text, for what else is kept in the layer: parameters, tokens of databases. */
export const textOf = {
  pack: (value: unknown): string => packr.pack(value).toString('base64'),
  unpack: (text: string): unknown => packr.unpack(Buffer.from(text, 'base64')),
};
