import { randomBytes } from 'node:crypto';
import { settleWithin } from './settle-within';
import type { CacheNode, CacheUnderTest, HazardSettings, OpenNodeOptions, RedisControl } from './types';

/** Nodes of one scenario, in a namespace of their own. */
export interface Scene {
  readonly namespace: string;
  /** Opens one more node. Every one is closed when the scene ends. */
  open(options?: Partial<OpenNodeOptions>): Promise<CacheNode>;
}

/** Longest time for a cache to close: one that waits for a Redis which is gone may never do so. */
const closeMs = 2_000;

/** Plays a scenario and closes its nodes, whatever happens. */
export async function withNodes<T>(
  cache: CacheUnderTest,
  redis: RedisControl,
  settings: HazardSettings,
  play: (scene: Scene) => Promise<T>,
): Promise<T> {
  const namespace = `hazard-${randomBytes(4).toString('hex')}`;
  const { maxStalenessMs, memoryMaxBytes } = settings;
  const nodes: CacheNode[] = [];
  try {
    return await play({
      namespace,
      open: async (options) => {
        const base = { redisUrl: redis.url, namespace, maxStalenessMs, memoryMaxBytes };
        const node = await cache.openNode({ ...base, ...options });
        nodes.push(node);
        return node;
      },
    });
  } finally {
    await Promise.all(nodes.map((node) => settleWithin(() => node.close(), closeMs)));
  }
}
