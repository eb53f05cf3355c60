export { CacheProvider, type CacheProviderProps, useCacheClient } from './cache-provider';
export { createCacheClient } from './create-cache-client';
export type * from './types';
export { useCache } from './use-cache';
