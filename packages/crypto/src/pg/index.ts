export { encryptedQueries } from './encrypted-queries';
export type * from './pg-types';
export type * from './queries-types';
