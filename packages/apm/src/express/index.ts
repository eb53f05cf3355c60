export { apmErrorMiddleware } from './apm-error-middleware';
export { type ApmMiddlewareOptions, apmMiddleware } from './apm-middleware';
export type { ErrorMiddleware, ExpressRequest, Middleware } from './express-types';
