export type { RateLimitHeaders } from '../response/header-types';
export type { MeteredQuota, MeterOptions } from '../response/meter-types';
export type { OnRefused } from '../response/problem-response';
export type * from '../response/usage-document-types';
export type { UsageOptions } from '../response/usage-source';
export { type UsageHandler, type UsageHandlerOptions, usageHandler } from './usage-handler';
export { type QuotaRouteOptions, type RouteQuotaOptions, withQuota } from './with-quota';
