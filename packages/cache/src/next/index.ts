export type { RequestFacts, ResponseScope, RouteParameters } from '../response/response-types';
export { createCacheHandler } from './create-cache-handler';
export type { CacheHandlerOptions, UseCacheEntry, UseCacheHandler } from './next-types';
export { type CacheRouteOptions, type RouteCacheOptions, withCache } from './with-cache';
