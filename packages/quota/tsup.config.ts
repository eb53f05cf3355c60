import { defineConfig } from 'tsup';
import { packageBuild } from '../../tsup.base';

const base = packageBuild(
  {
    index: 'src/index.ts',
    redis: 'src/redis/index.ts',
    postgres: 'src/postgres/index.ts',
    cost: 'src/cost/index.ts',
    key: 'src/key/index.ts',
    express: 'src/express/index.ts',
    next: 'src/next/index.ts',
    testing: 'src/testing/index.ts',
  },
  { platform: 'node' },
);

export default defineConfig({
  ...base,
  // ES modules only: whoever requires this package in Jest, before Node 24.9, could not load it. It is in no type.
  noExternal: [...(base.noExternal ?? []), /^temporal-/],
});
