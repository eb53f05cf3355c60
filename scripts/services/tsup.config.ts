import { defineConfig } from 'tsup';
import { packageBuild } from '../../tsup.base';

// Node only; `shims` gives the CommonJS build its `import.meta.url`.
export default defineConfig(packageBuild({ index: 'src/index.ts' }, { platform: 'node', shims: true }));
