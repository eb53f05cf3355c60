import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {(command: readonly string[], cwd: string) => Promise<string>} Run
 * @typedef {{ name: string, folder: string, tarball: string }} Packed
 */

/**
 * Every package as the registry would get it.
 *
 * @param {string} root
 * @param {string} directory for the tarballs
 * @param {Run} run
 * @returns {Promise<Packed[]>}
 */
export async function packPublished(root, directory, run) {
  const packed = [];
  for (const folder of readdirSync(join(root, 'packages'))) {
    const source = join(root, 'packages', folder);
    const manifest = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
    if (manifest.private) continue;
    const destination = join(directory, folder);
    mkdirSync(destination, { recursive: true });
    await run(['pnpm', 'pack', '--pack-destination', destination], source);
    const [file = ''] = readdirSync(destination);
    packed.push({ name: manifest.name, folder, tarball: join(destination, file) });
  }
  return packed;
}
