import { defineConfig } from 'tsup';
import { packageBuild } from '../../tsup.base';

// Node only; `shims` gives the CommonJS build its `import.meta.url`.
// What receives traces stands apart, since published packages take in the rest.
export default defineConfig(
  packageBuild({ index: 'src/index.ts', otlp: 'src/otlp/index.ts' }, { platform: 'node', shims: true }),
);
