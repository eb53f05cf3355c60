import { join } from 'node:path';
import { runTool } from './run-tool.mjs';

/**
 * Builds packages and what they depend on; what did not change comes from turbo's cache.
 *
 * @param {{
 *   root: string, filters: readonly string[], env: NodeJS.ProcessEnv,
 *   children: import('./children.mjs').Children, note?: (line: string) => void,
 * }} options `filters` are turbo's, such as `@unite/example-crm...`; none means everything
 * @returns {Promise<'built' | 'unchanged'>}
 */
export async function build({ root, filters, env, children, note }) {
  const turbo = join(root, 'node_modules', '.bin', 'turbo');
  const chosen = filters.map((filter) => `--filter=${filter}`);
  const output = await runTool(children, [turbo, 'run', 'build', '--output-logs=new-only', ...chosen], {
    cwd: root,
    // A daemon would stay behind; updates and statistics are nobody's business here.
    env: {
      ...env,
      TURBO_DAEMON: 'false',
      TURBO_NO_UPDATE_NOTIFIER: '1',
      TURBO_TELEMETRY_DISABLED: '1',
      FORCE_COLOR: '0',
    },
    note: note ?? (() => {}),
  });
  return output.includes('FULL TURBO') ? 'unchanged' : 'built';
}
