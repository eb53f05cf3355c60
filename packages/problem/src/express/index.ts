export { methodNotAllowedMiddleware } from './method-not-allowed-middleware';
export type { ErrorMiddleware, ExpressRequest, Middleware } from './middleware';
export { notFoundMiddleware } from './not-found-middleware';
export { problemMiddleware } from './problem-middleware';
