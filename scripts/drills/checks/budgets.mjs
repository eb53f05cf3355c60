import { join } from 'node:path';
import { runCommand } from '../scene/run-command.mjs';
import { verdict } from '../scene/verdict.mjs';

/** @type {import('../scene/start-scene.mjs').SceneDrill} */
export const budgets = {
  name: 'budgets',
  about: 'What the build sends to browsers is held against its budgets.',
  async run({ root }, { score, signal }) {
    const cli = join('node_modules', '@unite', 'ops', 'dist', 'cli.js');
    const args = [cli, 'budget', '--config', 'budget.config.ts', '--json'];
    const cwd = join(root, 'examples', 'crm');
    const { code, stdout, stderr } = await runCommand(process.execPath, args, { cwd, signal });
    const routes = /** @type {{ routes?: unknown[] }} */ (parsed(stdout)).routes?.length ?? 0;
    score(
      verdict(
        'budgets are kept',
        code === 0,
        code === 0
          ? `${routes} routes`
          : ((stderr || stdout).trim().split('\n').at(-1) ?? `exit code ${code}`),
        { routes },
      ),
    );
  },
};

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
