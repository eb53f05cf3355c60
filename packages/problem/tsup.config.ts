import { defineConfig } from 'tsup';
import { packageBuild } from '../../tsup.base';

export default defineConfig(
  packageBuild({
    index: 'src/index.ts',
    express: 'src/express/index.ts',
    next: 'src/next/index.ts',
    client: 'src/client/index.ts',
    validate: 'src/validate/index.ts',
    docs: 'src/docs/index.ts',
    languages: 'src/languages/index.ts',
    openapi: 'src/openapi/index.ts',
    testing: 'src/testing/index.ts',
  }),
);
