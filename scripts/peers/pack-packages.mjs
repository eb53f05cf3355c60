import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from '../lib/run-tool.mjs';

/**
 * A package as a registry would get it.
 *
 * @typedef {{ name: string, tarball: string, peers: Readonly<Record<string, string>>, needs: readonly string[] }} Packed
 */

/**
 * Packs every package that is published.
 *
 * @param {{ root: string, directory: string, env: NodeJS.ProcessEnv, children: import('../lib/children.mjs').Children }} options
 * @returns {Promise<ReadonlyMap<string, Packed>>} by the name of its folder
 */
export async function packPackages({ root, directory, env, children }) {
  const packed = new Map();
  for (const folder of readdirSync(join(root, 'packages'))) {
    const cwd = join(root, 'packages', folder);
    const manifest = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'));
    if (manifest.private) continue;
    if (!existsSync(join(cwd, 'dist'))) throw new Error(`${manifest.name} is not built: npm run build`);
    const destination = join(directory, folder);
    mkdirSync(destination, { recursive: true });
    await runTool(children, ['pnpm', 'pack', '--pack-destination', destination], { cwd, env });
    const [file = ''] = readdirSync(destination);
    packed.set(folder, {
      name: manifest.name,
      tarball: join(destination, file),
      peers: manifest.peerDependencies ?? {},
      needs: Object.keys(manifest.dependencies ?? {}).filter((name) => name.startsWith('@unite/')),
    });
  }
  return packed;
}
