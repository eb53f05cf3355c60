import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The binary of a version of Node, fetched by npm once.
 *
 * @param {string} toolsDirectory
 * @param {string} version such as `24` or `20.19.0`
 * @returns {string}
 */
export function findNode(toolsDirectory, version) {
  const folder = join(toolsDirectory, `node-${version}`);
  const { name, binary } = nodePackage();
  const file = join(folder, 'node_modules', name, binary);
  if (!existsSync(file)) {
    const where = ['--prefix', folder, '--ignore-scripts', '--no-save', '--no-package-lock'];
    const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
    const { status, stderr } = spawnSync('npm', ['install', ...where, ...quiet, `${name}@${version}`], {
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
      shell: process.platform === 'win32',
    });
    if (status !== 0 || !existsSync(file))
      throw new Error(`${name}@${version} cannot be installed: ${stderr}`);
  }
  return file;
}

/** What the npm package `node` installs by a script of its own, which not every set-up lets run. */
function nodePackage() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const prefix = platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  const binary = platform === 'win' ? 'bin/node.exe' : 'bin/node';
  return { name: `${prefix}-${platform}-${process.arch}`, binary };
}
