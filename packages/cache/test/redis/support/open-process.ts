import { randomUUID } from 'node:crypto';
import { createCache } from '../../../src/create-cache';
import { type RedisLayerOptions, type RedisLike, redisLayer } from '../../../src/redis';
import type { Cache, CacheDefinition, CacheOptions, RemoteStats } from '../../../src/types';

/** What the processes of one test have in common: a place in Redis, and what is true. */
export interface World {
  readonly namespace: string;
  /** What the loader finds. */
  version: unknown;
}

export function newWorld(version: unknown = 1): World {
  return { namespace: `test-${randomUUID()}`, version };
}

export interface Process {
  readonly cache: Cache;
  /** Reads the world's version, tagged `thing:<id>` and `things`. */
  readonly things: CacheDefinition<string, unknown>;
  readonly loads: number;
  readonly remote: RemoteStats;
}

const open: Cache[] = [];

/** One process of an application; `closeProcesses` ends it. */
export function openProcess(
  client: RedisLike,
  world: World,
  { layer, ...options }: Partial<CacheOptions> & { readonly layer?: RedisLayerOptions } = {},
): Process {
  const cache = createCache({
    namespace: world.namespace,
    remote: redisLayer(client, { timeoutMs: 1_000, ...layer }),
    pollEveryMs: 20,
    ...options,
  });
  open.push(cache);
  const things = cache.define('things', {
    key: (id: string) => [id],
    scope: 'global',
    tags: (id) => [`thing:${id}`, 'things'],
    memoryTtlMs: 600_000,
    load: () => world.version,
  });
  return {
    cache,
    things,
    get loads() {
      return cache.stats().loads;
    },
    get remote() {
      return cache.stats().remote as RemoteStats;
    },
  };
}

/** Ends all that were opened since the last time. */
export async function closeProcesses(): Promise<void> {
  await Promise.all(open.splice(0).map((cache) => cache.close({ timeoutMs: 100 })));
}

/** The name under which an entry of the definition lies in Redis. */
export function entryKey({ namespace }: World, id: string): string {
  return `${namespace}:{things:${id}}`;
}
