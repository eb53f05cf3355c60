import { defineConfig } from '@unite/ops/config';

/** What `npm run unite -- load <address of the API> -c ../express-api/unite.config.ts` does. */
export default defineConfig({
  load: {
    // Whose plan has no limit that this reaches.
    headers: { 'x-demo-workspace': 'meridian' },
    requests: [
      { path: '/api/v1/contacts', weight: 7 },
      { path: '/api/v1/contacts?q=quill', weight: 2 },
      { path: '/api/v1/hot-leads', weight: 1 },
    ],
    objectives: { p95Ms: 100, errorRate: 0.001 },
  },
});
