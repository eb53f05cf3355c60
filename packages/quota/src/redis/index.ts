export { redisStore } from './redis-store';
export type * from './redis-types';
