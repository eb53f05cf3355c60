import { defineConfig } from 'tsup';
import { declarationsOf, packageBuild } from '../../tsup.base';

// What receives traces, what watches, and what makes certificates stand apart, since published packages take in the rest.
const entry = {
  index: 'src/index.ts',
  certificates: 'src/certificates/index.ts',
  otlp: 'src/otlp/index.ts',
  prometheus: 'src/prometheus/index.ts',
};

// Node only; `shims` gives the CommonJS build its `import.meta.url`. The build script has emptied the folder.
const base = packageBuild(entry, { platform: 'node', shims: true, clean: false });

export default defineConfig([
  { ...base, dts: false },
  // Each entry's types whole, without a file that two share: packages that take an entry's types in find no other.
  ...Object.entries(declarationsOf(entry)).map(([name, file]) => ({
    ...base,
    dts: { only: true, entry: { [name]: file } },
  })),
]);
