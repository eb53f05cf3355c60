import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from './run-tool.mjs';

/**
 * Installs what the documentation's site is built by, which the workspace does not know, unless that is what is installed.
 *
 * @param {{
 *   directory: string, env: NodeJS.ProcessEnv, children: import('./children.mjs').Children, note: (line: string) => void,
 * }} options
 * @returns {Promise<'installed' | 'unchanged'>}
 */
export async function installSite({ directory, env, children, note }) {
  const stamp = join(directory, 'node_modules', '.unite-install');
  const lockfile = readFileSync(join(directory, 'package-lock.json'));
  const wanted = `${createHash('sha256').update(lockfile).digest('hex')} ${process.platform}-${process.arch}\n`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return 'unchanged';
  const npmCi = ['npm', 'ci', '--no-audit', '--no-fund', '--loglevel=error'];
  await runTool(children, npmCi, { cwd: directory, env, note });
  writeFileSync(stamp, wanted);
  return 'installed';
}
