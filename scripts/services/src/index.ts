export { ServicesError, type ServicesErrorCode } from './errors';
export { startPostgres } from './postgres/start-postgres';
export { startRedis } from './redis/start-redis';
export { startServices } from './start-services';
export type * from './types';
