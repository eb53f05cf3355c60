export type * from '../csrf/csrf-types';
export { type CsrfRouteOptions, type RouteCsrfOptions, refuseCrossSite, withCsrf } from './with-csrf';
export { type ProxyHandler, withSecurityHeaders } from './with-security-headers';
