export { type ConsistencyMiddleware, consistencyMiddleware } from './consistency-middleware';
