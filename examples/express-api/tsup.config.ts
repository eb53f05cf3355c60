import { fileURLToPath } from 'node:url';
import { defineConfig } from 'tsup';

/** What an application composes for itself. The CRM's lib imports its own; here it gets that of src/. */
const composed = /^\.\.?\/(unite|apm|tracing)$/;

export default defineConfig({
  entry: ['src/server.ts'],
  format: 'esm',
  target: 'node20',
  clean: true,
  sourcemap: true,
  esbuildPlugins: [
    {
      name: 'own-composition',
      setup: ({ onResolve }) =>
        onResolve({ filter: composed }, ({ path }) => ({
          path: fileURLToPath(new URL(`src/${path.replace(/^.*\//, '')}.ts`, import.meta.url)),
        })),
    },
  ],
});
