export type { RateLimitHeaders } from '../response/header-types';
export type { MeteredQuota, MeterOptions } from '../response/meter-types';
export type * from '../response/usage-document-types';
export type { UsageOptions } from '../response/usage-source';
export type { Middleware } from './express-types';
export { type QuotaMiddlewareOptions, quotaMiddleware } from './quota-middleware';
export { type UsageMiddleware, usageMiddleware } from './usage-middleware';
