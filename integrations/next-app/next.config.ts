import { resolve } from 'node:path';
import type { NextConfig } from 'next';

export default {
  basePath: '/base',
  outputFileTracingRoot: resolve('../..'),
  rewrites: async () => [{ source: '/rewritten/:id', destination: '/api/things/:id' }],
} satisfies NextConfig;
