export type { ErrorMiddleware, ExpressRequest, Middleware } from './express-types';
export { methodNotAllowedMiddleware } from './method-not-allowed-middleware';
export { notFoundMiddleware } from './not-found-middleware';
export { problemMiddleware } from './problem-middleware';
