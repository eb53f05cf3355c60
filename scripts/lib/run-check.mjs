import { runTool } from './run-tool.mjs';

/**
 * Runs a command that either holds or does not, as one test.
 *
 * @param {{
 *   root: string, script: string, env: NodeJS.ProcessEnv,
 *   children: import('./children.mjs').Children, note: (line: string) => void,
 * }} options `script`: a script of the root package
 * @returns {Promise<import('./run-suite.mjs').Outcome>}
 */
export async function runCheck({ root, script, env, children, note }) {
  try {
    await runTool(children, ['pnpm', '--silent', 'run', script], { cwd: root, env, note });
    return { passed: 1, failures: [], skips: [] };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // Its end says most, and first lines are what the summary shows.
    const end = message.trimEnd().split('\n').at(-1);
    return { passed: 0, failures: [`npm run ${script}: ${end}\n${message}`], skips: [] };
  }
}
