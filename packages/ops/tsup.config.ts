import { copyFile } from 'node:fs/promises';
import { defineConfig } from 'tsup';
import { packageBuild } from '../../tsup.base';
import program from './tsup.program';

const library = packageBuild(
  {
    index: 'src/index.ts',
    checks: 'src/checks/index.ts',
    http: 'src/http/index.ts',
    express: 'src/express/index.ts',
    next: 'src/next/index.ts',
    config: 'src/config/index.ts',
    verify: 'src/verify/index.ts',
    load: 'src/load/index.ts',
    budget: 'src/budget/index.ts',
    deploy: 'src/deploy/index.ts',
    drill: 'src/drill/index.ts',
    dashboard: 'src/dashboard/index.ts',
  },
  {
    platform: 'node',
    onSuccess: () => copyFile('src/dashboard/client/tokens.css', 'dist/dashboard-tokens.css'),
  },
);

export default defineConfig([library, program]);
