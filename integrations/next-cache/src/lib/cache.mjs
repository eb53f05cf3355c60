import { createCache } from '@unite/cache';
import { redisLayer } from '@unite/cache/redis';
import { once } from '@unite/core/once';
import { createClient } from 'redis';

const url = process.env.REDIS_URL;

/** One per process. The build has no Redis, and needs none. */
export const cache = once('next-cache.cache', () =>
  createCache({ namespace: 'next-cache', remote: url ? redisLayer(createClient({ url })) : undefined }),
);
