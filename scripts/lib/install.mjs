import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from './run-tool.mjs';

/**
 * Installs what the lockfile says, unless that is what is installed.
 *
 * @param {{
 *   root: string, env: NodeJS.ProcessEnv,
 *   children: import('./children.mjs').Children, note?: (line: string) => void,
 * }} options
 * @returns {Promise<'installed' | 'unchanged'>}
 */
export async function install({ root, env, children, note }) {
  const stamp = join(root, 'node_modules', '.unite-install');
  const wanted = fingerprint(root);
  if (existsSync(join(root, 'node_modules', '.modules.yaml')) && read(stamp) === wanted) return 'unchanged';
  await runTool(
    children,
    // Without a terminal pnpm would stop instead of replacing modules that another version made.
    [
      'pnpm',
      'install',
      '--frozen-lockfile',
      '--reporter=append-only',
      '--config.confirm-modules-purge=false',
    ],
    { cwd: root, env, note: note ?? (() => {}) },
  );
  writeFileSync(stamp, wanted);
  return 'installed';
}

/** @param {string} root */
function fingerprint(root) {
  const hash = createHash('sha256');
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc'])
    hash.update(read(join(root, file)) ?? '');
  return `${hash.digest('hex')} node ${process.versions.node} ${process.platform}-${process.arch}\n`;
}

/** @param {string} file */
function read(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
