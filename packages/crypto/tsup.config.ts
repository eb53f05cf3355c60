import { defineConfig } from 'tsup';
import { packageBuild } from '../../tsup.base';

export default defineConfig(
  packageBuild(
    {
      index: 'src/index.ts',
      csrf: 'src/csrf/index.ts',
      edge: 'src/edge/index.ts',
      express: 'src/express/index.ts',
      headers: 'src/headers/index.ts',
      inventory: 'src/inventory/index.ts',
      keys: 'src/keys/index.ts',
      kysely: 'src/kysely/index.ts',
      next: 'src/next/index.ts',
      oauth: 'src/oauth/index.ts',
      password: 'src/password/index.ts',
      pg: 'src/pg/index.ts',
      rbac: 'src/rbac/index.ts',
      rotate: 'src/rotate/index.ts',
      secrets: 'src/secrets/index.ts',
      testing: 'src/testing/index.ts',
      tls: 'src/tls/index.ts',
    },
    { platform: 'node' },
  ),
);
