import { readFile, writeFile } from 'node:fs/promises';
import { defineConfig } from 'tsup';
import { declarationsOf, packageBuild } from '../../tsup.base';

const entry = {
  index: 'src/index.ts',
  redis: 'src/redis/index.ts',
  express: 'src/express/index.ts',
  next: 'src/next/index.ts',
  react: 'src/react/index.ts',
  testing: 'src/testing/index.ts',
};
const base = packageBuild(entry, { platform: 'node' });

export default defineConfig({
  ...base,
  // `/testing` publishes what is private here, the code and its types, but not PostgreSQL, which it does not start.
  noExternal: [...(base.noExternal ?? []), '@unite/services'],
  external: ['pg'],
  treeshake: { moduleSideEffects: 'no-external' },
  dts: { entry: declarationsOf(entry), resolve: ['@unite/services'] },
  plugins: [
    {
      name: 'use-client',
      // Tree shaking drops directives, and runs after every other hook: they go into the written file.
      async buildEnd({ writtenFiles }) {
        for (const { name } of writtenFiles.filter((file) => /react\.c?js$/.test(file.name))) {
          await writeFile(name, `'use client';\n${await readFile(name, 'utf8')}`);
        }
      },
    },
  ],
});
