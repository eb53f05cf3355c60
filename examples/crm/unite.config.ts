import { defineConfig } from '@unite/ops/config';
import { verifyDatabase, verifyHealth, verifyRedis } from '@unite/ops/verify';
import pg from 'pg';
import { env } from './lib/env';
import { createRedis } from './lib/redis';

const { databaseNodes, publicUrl, redisUrl } = env;

/** What `npm run unite -- verify` proves, and what `npm run unite -- load` does. */
export default defineConfig({
  verify: [
    verifyHealth({ url: publicUrl, groups: ['write'] }),
    verifyDatabase({ nodes: databaseNodes, Client: pg.Client }),
    ...(redisUrl === undefined ? [] : [verifyRedis({ client: () => createRedis(redisUrl) })]),
  ],
  load: {
    target: publicUrl,
    // Whose plan has no limit that this reaches.
    headers: { 'x-demo-workspace': 'meridian' },
    requests: [
      { path: '/api/contacts', weight: 6 },
      { path: '/api/contacts?q=quill', weight: 2 },
      { path: '/api/hot-leads', weight: 1 },
      { path: '/api/campaigns', weight: 1 },
    ],
    objectives: { p95Ms: 200, errorRate: 0.001 },
  },
});
