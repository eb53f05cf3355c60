import type { Redact } from '@unite/core';
import { describeThrown } from '@unite/shared/redaction';
import { asError } from './as-error';
import { cutText } from './cut-text';

const maxBytes = 16_384;
const maxDepth = 6;
const maxWidth = 50;
const maxTextLength = 2_048;
const maxKeyLength = 100;
const maxPathLength = 200;

/** What is said of a context that was cut. */
const cutKey = '[cut]';
const cutNote = 'the rest is over 16 kB';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * What JSON can say of anything, in 16 kB at most, with every text redacted. Never throws: what cannot be read is named.
 *
 * @param name the key of the whole for the redactor: below it stand `name.key`, `name.key.key`
 */
export function boundedJson(
  value: Readonly<Record<string, unknown>>,
  name: string,
  redact: Redact,
): Readonly<Record<string, unknown>> {
  try {
    return new BoundedJson(redact).entries(value, name, []);
  } catch {
    return {};
  }
}

class BoundedJson {
  readonly #redact: Redact;
  /** Room for the note that something is missing. */
  #bytesLeft = maxBytes - cutKey.length - cutNote.length - 16;
  #isCut = false;

  constructor(redact: Redact) {
    this.#redact = redact;
  }

  /** The entries of the outermost object. */
  entries(value: object, path: string, above: readonly object[]): Record<string, Json> {
    const entries: [string, Json][] = [];
    this.#take('{}');
    for (const key of keysOf(value)) {
      const entry = this.#entry(value, key, path, [...above, value]);
      if (entry) entries.push(entry);
      if (this.#isCut) break;
    }
    if (this.#isCut && above.length === 0) entries.push([cutKey, cutNote]);
    // Unlike an assignment, this makes `__proto__` a key like any other.
    return Object.fromEntries(entries);
  }

  #entry(owner: object, key: string, path: string, above: readonly object[]): [string, Json] | undefined {
    const value = read(owner, key);
    if (value === undefined) return undefined;
    const name = this.#text(path, cutText(key, maxKeyLength));
    if (!this.#take(`${JSON.stringify(name)}:,`)) return undefined;
    const json = this.#json(value, cutText(`${path}.${key}`, maxPathLength), above);
    return json === undefined ? undefined : [name, json];
  }

  #json(value: unknown, path: string, above: readonly object[]): Json | undefined {
    if (typeof value === 'object' && value !== null) return this.#object(value, path, above);
    return this.#leaf(scalar(value), path);
  }

  /** A text, or what is one once the redactor has changed it: a number may be a secret as well. */
  #leaf(value: string | number | boolean | null, path: string): Json | undefined {
    const text = String(value);
    const redacted = this.#text(path, cutText(text, maxTextLength));
    const json = redacted === text ? value : redacted;
    return this.#take(JSON.stringify(json)) ? json : undefined;
  }

  #object(value: object, path: string, above: readonly object[]): Json | undefined {
    if (above.includes(value)) return this.#leaf('[circular]', path);
    if (above.length >= maxDepth) return this.#leaf('[deeper]', path);
    try {
      const error = asError(value);
      if (error) return this.#leaf(errorText(error), path);
      const plain = plainOf(value);
      if (typeof plain !== 'object' || plain === null) return this.#json(plain, path, above);
      if (plain !== value && above.includes(plain)) return this.#leaf('[circular]', path);
      return Array.isArray(plain)
        ? this.#items(plain, path, [...above, value])
        : this.entries(plain, path, above);
    } catch {
      return this.#leaf('[unreadable]', path);
    }
  }

  /** Under the path of the array: a key for each index would be too many to remember. */
  #items(values: readonly unknown[], path: string, above: readonly object[]): Json {
    const items: Json[] = [];
    this.#take('[]');
    for (const index of Array.from({ length: Math.min(values.length, maxWidth) }).keys()) {
      const item = this.#json(read(values, index) ?? null, path, above);
      if (item === undefined || !this.#take(',')) break;
      items.push(item);
    }
    if (values.length > maxWidth && this.#take(`"${moreOf(values.length)}",`))
      items.push(moreOf(values.length));
    return items;
  }

  #text(path: string, text: string): string {
    return this.#redact(path, text) ?? '[removed]';
  }

  #take(json: string): boolean {
    this.#bytesLeft -= Buffer.byteLength(json);
    this.#isCut ||= this.#bytesLeft < 0;
    return !this.#isCut;
  }
}

function keysOf(value: object): readonly string[] {
  const keys = Object.keys(value);
  return keys.length > maxWidth ? keys.slice(0, maxWidth) : keys;
}

function moreOf(length: number): string {
  return `[${length - maxWidth} more]`;
}

function read(owner: object, key: string | number): unknown {
  try {
    return (owner as Record<string | number, unknown>)[key];
  } catch {
    return '[unreadable]';
  }
}

/** What is no object, as JSON can say it. */
function scalar(value: unknown): string | number | boolean | null {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'function':
      return '[function]';
    default:
      return value === null ? null : String(value);
  }
}

/** An object as an array, a plain object or a scalar. */
function plainOf(value: object): unknown {
  if (value instanceof Map) return pairsOf(value);
  if (value instanceof Set) return first(value);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return bytesText(value);
  const { toJSON } = value as { toJSON?: unknown };
  return typeof toJSON === 'function' ? toJSON.call(value) : value;
}

/** Keys that are no texts are written as such. */
function pairsOf(map: ReadonlyMap<unknown, unknown>): unknown {
  const pairs = first(map) as [unknown, unknown][];
  return Object.fromEntries(
    pairs.map(([key, value]) => [typeof key === 'object' ? '[object]' : String(key), value]),
  );
}

function first(values: Iterable<unknown>): readonly unknown[] {
  const some: unknown[] = [];
  for (const value of values) {
    if (some.length > maxWidth) break;
    some.push(value);
  }
  return some;
}

function bytesText(value: ArrayBuffer | ArrayBufferView): string {
  return `[${value.constructor.name} of ${value.byteLength} bytes]`;
}

function errorText(error: Error): string {
  const { name, message } = describeThrown(error);
  return `${name}: ${message}`;
}
