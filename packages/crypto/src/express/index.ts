export type * from '../csrf/csrf-types';
export { type CsrfMiddlewareOptions, csrfMiddleware } from './csrf-middleware';
export type { ExpressRequest, Middleware } from './express-types';
export { securityHeadersMiddleware } from './security-headers-middleware';
