export type {
  RequestFacts,
  ResponseCacheOptions,
  ResponseScope,
  RouteParameters,
} from '../response/response-types';
export { cacheMiddleware } from './cache-middleware';
export type { CacheMiddleware, ExpressRequest } from './express-types';
