import { defineConfig } from 'tsup';
import { declarationsOf, packageBuild } from '../../tsup.base';

const entry = {
  index: 'src/index.ts',
  consistency: 'src/consistency/index.ts',
  next: 'src/next/index.ts',
  express: 'src/express/index.ts',
  router: 'src/router/index.ts',
  patroni: 'src/patroni/index.ts',
  supabase: 'src/supabase/index.ts',
  kysely: 'src/kysely/index.ts',
  testing: 'src/testing/index.ts',
};
const base = packageBuild(entry, { platform: 'node' });

export default defineConfig({
  ...base,
  // `/testing` publishes what is private here, whole: the code and its types.
  noExternal: [...(base.noExternal ?? []), '@unite/services'],
  dts: { entry: declarationsOf(entry), resolve: ['@unite/services'] },
  // `/testing` looks for PostgreSQL from where it lies itself, by `createRequire`, which takes a path as well.
  // tsup's own shim would become a file that every entry loads.
  esbuildOptions: (options, { format }) => {
    if (format === 'cjs') options.define = { ...options.define, 'import.meta.url': '__filename' };
  },
});
