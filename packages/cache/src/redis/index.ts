export { redisLayer } from './redis-layer';
export type * from './redis-types';
