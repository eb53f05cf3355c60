import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';

const root = resolve(__dirname, '../..');

/** A TypeScript program, bundled with the sources it imports, that `node` can run. */
export interface BundledScript {
  readonly path: string;
  remove(): void;
}

/** @param source imports sources by `./src/…`, from the root of the package */
export function bundledScript(name: string, source: string): BundledScript {
  const folder = join(root, 'node_modules/.cache/unite-apm-test');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}-${process.pid}.cjs`);
  const { outputFiles } = buildSync({
    stdin: { contents: source, resolveDir: root, loader: 'ts' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    external: ['hot-shots', 'dd-trace'],
    write: false,
  });
  writeFileSync(path, outputFiles[0]?.contents ?? '');
  return { path, remove: () => rmSync(path, { force: true }) };
}
