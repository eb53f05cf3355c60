import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';

const root = join(__dirname, '../..');
const published = { js: join(root, 'dist/react.js'), cjs: join(root, 'dist/react.cjs') };

/** As an application would bundle it for browsers. */
async function bundle(entry: string) {
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    external: ['react'],
    write: false,
    metafile: true,
    logLevel: 'error',
  });
  const [output] = Object.values(metafile.outputs);
  return {
    bytes: brotliCompressSync(outputFiles[0]?.contents ?? '').byteLength,
    imports: [...new Set(output?.imports.map(({ path }) => path))],
  };
}

test('the entry imports nothing but React', async () => {
  expect((await bundle(join(root, 'src/react/index.ts'))).imports).toEqual(['react']);
});

const withBuild = existsSync(published.js) ? describe : describe.skip;

withBuild('the build (needs `npm run build`)', () => {
  test('is small', async () => {
    expect((await bundle(published.js)).bytes).toBeLessThan(4_000);
  });

  test.each(Object.entries(published))('says that it is for the client (%s)', (_, file) => {
    expect(readFileSync(file, 'utf8')).toMatch(/^'use client';\n/);
  });

  test('gives the same names to import and to require', () => {
    const load = `
      const names = (module) => Object.keys(module).sort().join();
      const required = names(require(${JSON.stringify(published.cjs)}));
      import(${JSON.stringify(published.js)}).then((imported) => console.log(names(imported) + ' ' + required));
    `;
    const names = 'CacheProvider,createCacheClient,useCache,useCacheClient';
    expect(execFileSync(process.execPath, ['-e', load], { encoding: 'utf8' })).toBe(`${names} ${names}\n`);
  });
});
