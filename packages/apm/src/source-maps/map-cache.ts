import type { TraceMap } from '@jridgewell/trace-mapping';

interface Kept {
  readonly map: TraceMap;
  readonly bytes: number;
}

/** Files without a map that are remembered. */
const maxMissing = 5_000;

/** Keeps the maps that were used last, up to a number of bytes, and which files have none. */
export class MapCache {
  readonly #maxBytes: number;
  /** The one that was used last comes last. */
  readonly #kept = new Map<string, Kept>();
  readonly #missing = new Set<string>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** @param load is asked once for a file, as long as its answer is kept */
  get(file: string, load: () => Kept | undefined): TraceMap | undefined {
    if (this.#missing.has(file)) return undefined;
    const kept = this.#kept.get(file);
    if (kept) {
      this.#kept.delete(file);
      this.#kept.set(file, kept);
      return kept.map;
    }
    const loaded = load();
    if (loaded) this.#keep(file, loaded);
    else this.#miss(file);
    return loaded?.map;
  }

  #keep(file: string, loaded: Kept): void {
    this.#kept.set(file, loaded);
    this.#bytes += loaded.bytes;
    for (const [oldest, { bytes }] of this.#kept) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#kept.delete(oldest);
      this.#bytes -= bytes;
    }
  }

  /** Not among the maps, so that made-up names push none of them out. */
  #miss(file: string): void {
    for (const oldest of this.#missing) {
      if (this.#missing.size < maxMissing) break;
      this.#missing.delete(oldest);
    }
    this.#missing.add(file);
  }
}
