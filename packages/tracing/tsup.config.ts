import { defineConfig } from 'tsup';
import { packageBuild } from '../../tsup.base';

export default defineConfig(
  packageBuild(
    {
      index: 'src/index.ts',
      register: 'src/register.ts',
      exporters: 'src/exporters/index.ts',
      sampling: 'src/sampling/index.ts',
      propagation: 'src/propagation/index.ts',
      instrumentation: 'src/instrumentation/index.ts',
      next: 'src/next/index.ts',
      express: 'src/express/index.ts',
      browser: 'src/browser/index.ts',
      logs: 'src/logs/index.ts',
      store: 'src/store/index.ts',
      verify: 'src/verify/index.ts',
      testing: 'src/testing/index.ts',
    },
    { platform: 'node' },
  ),
);
