import { join } from 'node:path';
import { runTool } from './run-tool.mjs';

/**
 * Installs what the benches compare with, which the workspace does not know.
 *
 * @param {{
 *   root: string, env: NodeJS.ProcessEnv, children: import('./children.mjs').Children, note: (line: string) => void,
 * }} options
 */
export async function installPeers({ root, env, children, note }) {
  const npmCi = ['npm', 'ci', '--no-audit', '--no-fund', '--loglevel=error'];
  await runTool(children, npmCi, { cwd: join(root, 'bench'), env, note });
}
