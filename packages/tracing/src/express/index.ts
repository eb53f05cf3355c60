export type { BrowserSpansOptions, BrowserSpansTarget } from '../browser/receive-report';
export type { HeaderReader } from '../propagation/propagation-types';
export type { ServerTracing } from '../request/server-span';
export { browserSpansMiddleware } from './browser-spans-middleware';
export type { ErrorMiddleware, ExpressRequest, Middleware } from './express-types';
export { tracingErrorMiddleware } from './tracing-error-middleware';
export { type TracingMiddlewareOptions, tracingMiddleware } from './tracing-middleware';
