import { resolve } from 'node:path';
import type { NextConfig } from 'next';

export default {
  cacheComponents: true,
  cacheHandlers: { default: resolve('cache-handler.mjs') },
  outputFileTracingRoot: resolve('../..'),
  // A driver is loaded as it is, so that what instruments it finds it.
  serverExternalPackages: ['redis'],
} satisfies NextConfig;
