import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = new URL('../../', import.meta.url);

/**
 * A module below a package that no subpath exports, bundled as the build of the package does it.
 *
 * @param {string} source such as `packages/crypto/src/xaes/sealer.ts`
 * @param {string} owner whose dependencies it finds, such as `packages/crypto`
 */
export async function importBundled(source, owner) {
  const tsup = createRequire(new URL('package.json', root)).resolve('tsup/package.json');
  const { build } = createRequire(tsup)('esbuild');
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(source, root))],
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    write: false,
  });
  const file = fileURLToPath(new URL(`${owner}/dist/bundled-${process.pid}.mjs`, root));
  writeFileSync(file, outputFiles[0].contents);
  try {
    return await import(pathToFileURL(file).href);
  } finally {
    rmSync(file);
  }
}
