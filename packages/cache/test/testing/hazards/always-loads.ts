import type { CacheUnderTest } from '../../../src/testing/hazards/types';
import { fixtureUrl } from './broken-cache';

/** Caches nothing: trivially correct. */
export const alwaysLoads: CacheUnderTest = {
  name: 'always loads',
  moduleUrl: fixtureUrl('always-loads'),
  openNode: async () => ({
    get: (_, load) => load(),
    set: async () => {},
    warm: (_, load) => load(),
    delete: async () => {},
    invalidateTag: async () => {},
    close: async () => {},
  }),
};
