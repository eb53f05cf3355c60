import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../scene/run-command.mjs';
import { notMeasurable, verdict } from '../scene/verdict.mjs';

const promise = 'scaling and recovery artefacts are valid';
const script = 'operations:check';

/** @type {import('../scene/start-scene.mjs').SceneDrill} */
export const artefacts = {
  name: 'artefacts',
  about: 'Templates, alert rules and runbooks of docs/operations are checked by the programs that read them.',
  timeoutMs: 5 * 60_000,
  async run({ root }, { score, signal }) {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    if (scripts[script] === undefined) return score(notMeasurable(promise, `there is no npm run ${script}`));
    const { code, stdout, stderr } = await runCommand('npm', ['run', '--silent', script], {
      cwd: root,
      signal,
    });
    const lines = stdout.trim().split('\n');
    const measured =
      code === 0 ? `${lines.length} checks` : ((stderr || stdout).trim().split('\n').at(-1) ?? '');
    score(verdict(promise, code === 0, measured || `exit code ${code}`));
  },
};
