import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = new URL('../../', import.meta.url);

/**
 * The sealer below the vault, bundled as the build of the package does it: no subpath exports it.
 *
 * @returns {Promise<typeof import('../../packages/crypto/src/xaes/sealer').Sealer>}
 */
export async function bundledSealer() {
  const tsup = createRequire(new URL('package.json', root)).resolve('tsup/package.json');
  const { build } = createRequire(tsup)('esbuild');
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('packages/crypto/src/xaes/sealer.ts', root))],
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    write: false,
  });
  const file = fileURLToPath(new URL(`packages/crypto/dist/sealer-${process.pid}.mjs`, root));
  writeFileSync(file, outputFiles[0].contents);
  try {
    return (await import(pathToFileURL(file).href)).Sealer;
  } finally {
    rmSync(file);
  }
}
