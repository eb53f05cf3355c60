import { readFile, writeFile } from 'node:fs/promises';
import { defineConfig } from 'tsup';
import { packageBuild } from '../../tsup.base';

export default defineConfig(
  packageBuild(
    { react: 'src/react/index.ts' },
    {
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
    },
  ),
);
