export type { RedisLike, RedisSender, RedisWord } from './redis-client-types';
export { checkClient, isRedisLike, redisSender } from './redis-sender';
