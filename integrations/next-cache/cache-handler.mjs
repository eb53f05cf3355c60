import { createCacheHandler } from '@unite/cache/next';
import { once } from '@unite/core/once';
import { cache } from './src/lib/cache.mjs';

// Next.js loads this file by its path, apart from the routes: `once` makes it the same cache.
export default once('next-cache.use-cache', () => createCacheHandler(cache));
