import { globalSlot } from '@unite/shared';
import { createCacheClient } from './create-cache-client';
import type { CacheClient } from './types';

const key = Symbol.for('unite.cache.client.1');

/** Where there is no window (React Native has one), renders of different users share the process. */
export const isServer = (): boolean => typeof window === 'undefined';

/** The client of those who gave none: one for a browser; on a server a new one, which nobody shares. */
export function defaultClient(): CacheClient {
  return isServer() ? createCacheClient() : globalSlot(key, createCacheClient);
}
