export { ServicesError, type ServicesErrorCode } from './errors';
export { startPostgres } from './postgres/start-postgres';
export type * from './proxy/proxy-types';
export { startFaultProxy } from './proxy/start-fault-proxy';
export { startRedis } from './redis/start-redis';
export { startRedisCluster } from './redis/start-redis-cluster';
export { startRedisSentinel } from './redis/start-redis-sentinel';
export { startServices } from './start-services';
export type * from './types';
