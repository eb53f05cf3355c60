import { LRUCache } from 'lru-cache';
import type { Names } from '../log/names';
import type { MemoryOptions } from '../types';
import type { MemoryEntry } from './memory-types';

/** The memory layer: the entries read last, up to a number of bytes. */
export class MemoryLayer {
  readonly maxBytes: number;
  evictions = 0;
  tooLarge = 0;
  readonly #entries: LRUCache<string, MemoryEntry>;
  readonly #maxEntryBytes: number;

  constructor(names: Names, { maxBytes = 64 * 2 ** 20, maxEntryBytes, maxEntries = 100_000 }: MemoryOptions) {
    this.maxBytes = maxBytes;
    this.#maxEntryBytes = Math.min(maxEntryBytes ?? maxBytes / 8, maxBytes);
    this.#entries = new LRUCache({
      max: maxEntries,
      maxSize: maxBytes,
      sizeCalculation: ({ bytes }) => Math.ceil(bytes),
      dispose: (entry, _, reason) => {
        if (reason === 'evict') this.evictions += 1;
        names.release(entry.names);
      },
    });
  }

  get(key: string): MemoryEntry | undefined {
    return this.#entries.get(key);
  }

  /** @returns whether it is kept; if not, its names are still the caller's */
  set(key: string, entry: MemoryEntry): boolean {
    if (entry.bytes > this.#maxEntryBytes) {
      this.tooLarge += 1;
      this.#entries.delete(key);
      return false;
    }
    this.#entries.set(key, entry);
    return true;
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  get size(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    return this.#entries.calculatedSize;
  }
}
