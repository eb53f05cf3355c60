export { ContextError, type ContextErrorCode } from '../request/context-error';
export type { ContextOptions } from '../request/context-options';
export { compose, type Route } from './compose';
export { type PageContextOptions, type PageRunner, pageContext } from './page-context';
export { type SealedIdentity, type SealedIdentityOptions, sealedIdentity } from './sealed-identity';
export { type IncomingHeaders, type RouteContextOptions, withContext } from './with-context';
