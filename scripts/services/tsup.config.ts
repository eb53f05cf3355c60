import { defineConfig } from 'tsup';
import { packageBuild } from '../../tsup.base';

// Node only; `shims` gives the CommonJS build its `import.meta.url`.
// What receives traces, and what watches, stand apart, since published packages take in the rest.
export default defineConfig(
  packageBuild(
    { index: 'src/index.ts', otlp: 'src/otlp/index.ts', prometheus: 'src/prometheus/index.ts' },
    { platform: 'node', shims: true },
  ),
);
