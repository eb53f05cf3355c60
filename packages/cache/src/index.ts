export type * from './channel-types';
export { createCache } from './create-cache';
export { CacheError, type CacheErrorCode } from './errors';
export { escapePattern } from './key/key-pattern';
export type * from './remote-types';
export type * from './types';
