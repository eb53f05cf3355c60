import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { build } from 'esbuild';

/** What an entry is to whoever bundles it, its packages left outside. */
async function bundle(entry: string) {
  const { outputFiles, metafile } = await build({
    entryPoints: [require.resolve(`../src/${entry}/index.ts`)],
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    logLevel: 'error',
    format: 'esm',
    target: 'es2020',
    external: ['@opentelemetry/*', 'node:*'],
  });
  const imports = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  return {
    bytes: gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length,
    imports: [...new Set(imports)],
  };
}

test('the browser part imports nothing, and is small', async () => {
  const { bytes, imports } = await bundle('browser');
  expect(imports).toEqual([]);
  expect(bytes).toBeLessThan(3_000);
});

test('the adapter for Next.js imports nothing of Node', async () => {
  expect((await bundle('next')).imports).toEqual(['@opentelemetry/api']);
});
