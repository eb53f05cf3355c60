import type { HeaderReader } from './propagation-types';

/** Longest header that is looked at, in UTF-16 units: what a whole `baggage` may have. */
const maxHeaderLength = 8_192;

/** The headers of one request, as far as they can be believed to be headers. */
export class TraceHeaders {
  readonly #read: (name: string) => unknown;
  readonly #malformed: Record<string, number>;

  /** @param malformed counts what is ignored, by header */
  constructor(read: (name: string) => unknown, malformed: Record<string, number>) {
    this.#read = read;
    this.#malformed = malformed;
  }

  /** A header that may be there once. */
  one(name: string): string | undefined {
    const value = this.#read(name);
    return this.#checked(name, Array.isArray(value) && value.length === 1 ? value[0] : value);
  }

  /** A header that holds a list, and may be there more than once (RFC 9110 §5.3). */
  list(name: string): string | undefined {
    const value = this.#read(name);
    return this.#checked(name, Array.isArray(value) ? value.join(',') : value);
  }

  /** Says that a header is ignored. */
  reject(name: string): undefined {
    this.#malformed[name] = (this.#malformed[name] ?? 0) + 1;
  }

  #checked(name: string, value: unknown): string | undefined {
    if (value === undefined || value === null || value === '') return undefined;
    return typeof value === 'string' && value.length <= maxHeaderLength ? value : this.reject(name);
  }
}

/** Reads any kind of headers by a name in lower case. */
export function headerReader(headers: HeaderReader): (name: string) => unknown {
  const { get } = headers;
  if (typeof get === 'function') return (name) => get.call(headers, name);
  const record = headers as Readonly<Record<string, unknown>>;
  return (name) => (Object.hasOwn(record, name) ? record[name] : undefined);
}
