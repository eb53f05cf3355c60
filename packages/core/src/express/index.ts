export { ContextError, type ContextErrorCode } from '../request/context-error';
export type { ContextOptions } from '../request/context-options';
export { type ContextMiddleware, contextMiddleware } from './context-middleware';
