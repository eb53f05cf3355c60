import { withCache } from '@unite/cache/next';
import { compose, withContext } from '@unite/core/next';
import { cache } from './cache.mjs';

export const route = compose(withContext(), withCache(cache, { scope: 'global' }));
