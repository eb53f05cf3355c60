import { brotliCompressSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { build } from 'esbuild';

async function bundle(entry: string) {
  const { outputFiles, metafile } = await build({
    entryPoints: [`${__dirname}/../src/${entry}`],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    metafile: true,
    logLevel: 'error',
  });
  const text = outputFiles[0]?.text ?? '';
  return { text, bytes: brotliCompressSync(text).byteLength, inputs: Object.keys(metafile.inputs) };
}

test('the core entry is small, loads in browsers, and brings no dependency', async () => {
  const { text, bytes, inputs } = await bundle('index.ts');
  expect(text).not.toMatch(/\b(?:import|require)\s*[({'"]/);
  expect(inputs.filter((input) => input.includes('node_modules'))).toEqual([]);
  // The goal is 3,000. See the limits in the README.
  expect(bytes).toBeLessThan(4_100);
});

test('the client entry is small', async () => {
  expect((await bundle('client/index.ts')).bytes).toBeLessThan(1_500);
});
