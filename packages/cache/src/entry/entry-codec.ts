import { deserialize, serialize } from 'node:v8';
import { Packr } from 'msgpackr';
import type { CacheCodec, CodecEntry } from '../remote-types';
import { encodabilityOf } from './encodability';

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

/** How the value is written: as MessagePack, or by V8, which is slower and keeps what that does not. */
const usual = 0;
const unusual = 1;

type StoredWords = [
  version: number,
  key: string,
  loadedAtMs: number,
  loadMs: number,
  extraTags: string[],
  form: number,
  content: unknown,
];

/** Values as bytes, with the key in them: an entry under another key, another tenant's, is not taken for this one's. */
export class EntryCodec {
  readonly #codec: CacheCodec | undefined;

  constructor(codec: CacheCodec | undefined) {
    this.#codec = codec;
  }

  /** @throws TypeError that says what in the value cannot be encoded, and whatever the codec throws */
  encode(
    { key, tenantId }: CodecEntry,
    { value, loadedAtMs, loadMs, extraTags }: StoredEntry,
  ): Uint8Array | Promise<Uint8Array> {
    const { refusal, isUnusual } = encodabilityOf(value);
    if (refusal) throw new TypeError(refusal);
    const content = isUnusual ? [unusual, serialize(value)] : [usual, value];
    const bytes = packr.pack([version, key, loadedAtMs, loadMs, extraTags, ...content]);
    return this.#codec ? this.#codec.encode(bytes, { key, tenantId }) : bytes;
  }

  /** @throws Error where the bytes are not an entry of this key */
  async decode({ key, tenantId }: CodecEntry, bytes: Uint8Array): Promise<StoredEntry> {
    const plain = this.#codec ? await this.#codec.decode(bytes, { key, tenantId }) : bytes;
    const [storedVersion, storedKey, loadedAtMs, loadMs, extraTags, form, content] = packr.unpack(
      plain,
    ) as StoredWords;
    if (storedVersion !== version) throw new Error(`an entry of version ${String(storedVersion)}`);
    if (storedKey !== key) throw new Error('an entry of another key');
    const value = form === unusual ? deserialize(content as Uint8Array) : content;
    return { value, loadedAtMs, loadMs, extraTags };
  }
}

/** Any value as text, for what else is kept in the layer: parameters, tokens of databases. */
export const textOf = {
  pack: (value: unknown): string => packr.pack(value).toString('base64'),
  unpack: (text: string): unknown => packr.unpack(Buffer.from(text, 'base64')),
};
