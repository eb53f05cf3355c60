import type {
  Cache,
  CacheDefinition,
  DefinitionOptions,
  KeyPart,
  Lookup,
  LookupOptions,
} from '../../src/types';

interface Entry {
  readonly value: unknown;
  readonly tags: readonly string[];
  readonly stamp: number;
  readonly atMs: number;
  readonly ttlMs: number;
}

/** What the adapters use of a cache, over one map, with a clock and failures of the test's choosing. */
export class FakeCache {
  nowMs = 0;
  /** What every lookup rejects with. */
  failure: Error | undefined;
  /** What every put waits for. */
  beforePut: () => Promise<unknown> = async () => undefined;
  tenant: () => string | undefined = () => undefined;
  readonly keys: string[] = [];
  readonly defined: string[] = [];
  readonly entries = new Map<string, Entry>();
  readonly puts: { readonly key: string; readonly ttlMs: number | undefined; readonly kept: boolean }[] = [];
  readonly #invalidated = new Map<string, number>();
  #position = 0;

  readonly define = <Params, Value>(
    name: string,
    options: DefinitionOptions<Params, Value>,
  ): CacheDefinition<Params, Value> => {
    if (this.defined.includes(name)) throw new Error(`${name} is defined twice`);
    this.defined.push(name);
    const keyOf = (params: Params): string => {
      const scope = options.scope === 'tenant' ? this.tenant() : '*';
      if (scope === undefined) throw new Error('no tenant');
      const parts: readonly KeyPart[] = [name, scope, ...options.key(params)];
      return JSON.stringify(parts);
    };
    const definition = {
      lookup: async (params: Params, lookupOptions: LookupOptions = {}): Promise<Lookup<Value>> => {
        await null;
        if (this.failure) throw this.failure;
        const key = keyOf(params);
        this.keys.push(key);
        const tags = options.tags?.(params) ?? [];
        const stamp = this.#position;
        const entry = this.entries.get(key);
        if (entry && !lookupOptions.fresh && this.#isValid(entry, lookupOptions.tags ?? [])) {
          const receipt = {
            value: entry.value as Value,
            layer: 'memory' as const,
            ageMs: this.nowMs - entry.atMs,
            staleBoundMs: 0,
            isStale: false,
            tags: entry.tags,
          };
          return { hit: true, receipt };
        }
        const atMs = this.nowMs;
        return {
          hit: false,
          put: async (value, extra = {}) => {
            await this.beforePut();
            const all = [key, ...tags, ...(extra.tags ?? [])];
            const kept = all.every((tag) => (this.#invalidated.get(tag) ?? -1) < stamp);
            this.puts.push({ key, ttlMs: extra.ttlMs, kept });
            const ttlMs = Math.min(extra.ttlMs ?? Infinity, options.memoryTtlMs ?? Infinity);
            if (kept) this.entries.set(key, { value, tags: all, stamp, atMs, ttlMs });
            return kept;
          },
        };
      },
      set: async (params: Params, value: Value) => {
        const key = keyOf(params);
        this.#invalidated.set(key, this.#position++);
        this.entries.set(key, {
          value,
          tags: [key],
          stamp: this.#position,
          atMs: this.nowMs,
          ttlMs: Infinity,
        });
        return { acknowledged: true, tags: [] };
      },
      load: options.load,
    };
    return definition as unknown as CacheDefinition<Params, Value>;
  };

  readonly invalidateTags = async (tags: readonly string[]) => {
    for (const tag of tags) this.#invalidated.set(tag, this.#position);
    this.#position += 1;
    return { acknowledged: true, tags };
  };

  get cache(): Pick<Cache, 'define' | 'invalidateTags'> {
    return this;
  }

  #isValid({ tags, stamp, atMs, ttlMs }: Entry, more: readonly string[]): boolean {
    const isFresh = this.nowMs - atMs < ttlMs;
    return isFresh && [...tags, ...more].every((tag) => (this.#invalidated.get(tag) ?? -1) < stamp);
  }
}
