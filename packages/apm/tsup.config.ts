import { defineConfig } from 'tsup';
import { packageBuild } from '../../tsup.base';

export default defineConfig(
  packageBuild(
    {
      index: 'src/index.ts',
      prometheus: 'src/prometheus/index.ts',
      datadog: 'src/datadog/index.ts',
      sentry: 'src/sentry/index.ts',
      slo: 'src/slo/index.ts',
      'source-maps': 'src/source-maps/index.ts',
      process: 'src/process/index.ts',
      next: 'src/next/index.ts',
      express: 'src/express/index.ts',
      browser: 'src/browser/index.ts',
      store: 'src/store/index.ts',
      verify: 'src/verify/index.ts',
      testing: 'src/testing/index.ts',
    },
    { platform: 'node' },
  ),
);
