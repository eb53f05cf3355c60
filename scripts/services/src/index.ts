export { ServicesError, type ServicesErrorCode } from './errors';
export { startPostgres } from './postgres/start-postgres';
export type * from './types';
