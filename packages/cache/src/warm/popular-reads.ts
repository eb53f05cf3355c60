import { createContext, runWithContext } from '@unite/core/context';
import { encodabilityOf } from '../entry/encodability';
import { textOf } from '../entry/entry-codec';
import type { CacheInternals } from '../internal-types';

/** Keys that are counted at a time. */
const maxCounted = 1_000;
const flushEveryMs = 10_000;

interface Counted<Params> {
  readonly params: Params;
  readonly tenantId: string | undefined;
  count: number;
}

/** Counts which parameters are read most, in this process and, by the remote layer, in all. */
export class PopularReads<Params> {
  readonly #definition: string;
  readonly #cache: CacheInternals;
  #counts = new Map<string, Counted<Params>>();
  #flushedAtMs: number;

  constructor(definition: string, cache: CacheInternals) {
    this.#definition = definition;
    this.#cache = cache;
    this.#flushedAtMs = cache.clock.monotonicMs();
  }

  count(key: string, params: Params): void {
    const known = this.#counts.get(key) ?? { params, tenantId: this.#cache.context()?.tenantId, count: 0 };
    known.count += 1;
    // Read last, so that what makes room is what was not read for longest.
    this.#counts.delete(key);
    this.#counts.set(key, known);
    if (this.#counts.size > maxCounted) this.#counts.delete(this.#counts.keys().next().value as string);
    if (this.#cache.clock.monotonicMs() - this.#flushedAtMs >= flushEveryMs) void this.flush();
  }

  /** The most popular first, each to be loaded in its tenant's context. */
  async top(limit: number): Promise<readonly (<Result>(work: (params: Params) => Result) => Result)[]> {
    await this.flush();
    const { remote } = this.#cache;
    const texts = await remote?.connection.mostRead(this.#definition, limit).catch(() => undefined);
    const known =
      texts?.map((text) => textOf.unpack(text) as [string | undefined, Params]) ?? this.#own(limit);
    return known.map(([tenantId, params]) => (work) => {
      return tenantId === undefined
        ? work(params)
        : runWithContext(createContext({ tenantId }), () => work(params));
    });
  }

  /** Hands the counts on. Without a remote layer they stay here. */
  async flush(): Promise<void> {
    const { remote, clock } = this.#cache;
    this.#flushedAtMs = clock.monotonicMs();
    if (!remote || remote.health.isDown || this.#counts.size === 0) return;
    const counts = this.#counts;
    this.#counts = new Map();
    const texts = [...counts.values()]
      .filter(({ params }) => !encodabilityOf(params).refusal)
      .map(({ tenantId, params, count }) => [textOf.pack([tenantId, params]), count] as const);
    await remote.connection
      .countReads(this.#definition, new Map(texts))
      .catch((error: unknown) => remote.health.failed(error));
  }

  #own(limit: number): [string | undefined, Params][] {
    return [...this.#counts.values()]
      .sort((one, other) => other.count - one.count)
      .slice(0, limit)
      .map(({ tenantId, params }) => [tenantId, params]);
  }
}
