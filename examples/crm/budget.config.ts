import { defineConfig } from '@unite/ops/config';

/** What `npm run budget` weighs: the build on the disk. Apart, since unite.config.ts needs the servers' addresses. */
export default defineConfig({
  budget: {
    // Where scripts/build.mjs moves them, out of what is served.
    maps: '.next/standalone/examples/crm/.next/browser-maps',
  },
});
