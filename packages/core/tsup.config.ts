import { defineConfig } from 'tsup';
import { packageBuild } from '../../tsup.base';

export default defineConfig(
  packageBuild({
    index: 'src/index.ts',
    context: 'src/context/index.ts',
    once: 'src/once.ts',
    next: 'src/next/index.ts',
    express: 'src/express/index.ts',
  }),
);
