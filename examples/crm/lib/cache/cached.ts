import type { DefinitionOptions } from '@unite/cache';
import { currentContext } from '@unite/core/context';
import { once } from '@unite/core/once';
import { env } from '../env';
import { requestFacts } from '../request-facts';
import { cache } from '../unite';
import type { CacheRead } from './cache-read';

/** Something that is read through the cache. */
export interface Cached<Params, Value> {
  /** From memory, else Redis, else the database; the request's facts tell which. */
  get(params: Params): Promise<Value>;
  /** Reads it anew and puts it into the place of the old, for every process. */
  refresh(params: Params): Promise<Value>;
}

interface CachedOptions<Params, Value> extends DefinitionOptions<Params, Value> {
  readonly memoryTtlMs: number;
  readonly remoteTtlMs: number;
}

/** Declares a cached read, once for all the copies of a file that Next.js makes. */
export function cached<Params, Value>(
  name: string,
  options: CachedOptions<Params, Value>,
): Cached<Params, Value> {
  const definition = once(`crm.cache.${name}`, () => cache.define(name, options));
  const lifeMs = env.redisUrl === undefined ? options.memoryTtlMs : options.remoteTtlMs;

  return {
    async get(params) {
      const facts = requestFacts();
      const bypass = env.readsCache ? facts?.hasJustChanged && 'own-change' : 'off';
      if (bypass) {
        const value = await options.load(params, uncached());
        facts?.cacheReads.push({ name, from: 'database', ageMs: 0, ttlMs: 0, bypass });
        return value;
      }
      const { value, layer, ageMs } = await definition.getWithReceipt(params);
      facts?.cacheReads.push({
        name,
        from: layers[layer],
        ageMs,
        ttlMs: lifeMs - ageMs,
        redis: layer === 'load' ? redisState() : undefined,
      });
      return value;
    },
    refresh: (params) => definition.refresh(params),
  };
}

const layers = { memory: 'memory', remote: 'redis', load: 'database' } as const;

function redisState(): CacheRead['redis'] {
  const { remote } = cache.stats();
  return remote && (remote.state === 'down' ? 'down' : 'up');
}

/** What a loader is told where no cache calls it. */
function uncached() {
  const signal = currentContext()?.signal ?? new AbortController().signal;
  return { signal, invalidatedMsAgo: Number.POSITIVE_INFINITY };
}
