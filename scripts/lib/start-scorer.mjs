import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../services/src/plain/free-port.mjs';

/**
 * Starts the app's own model that scores contacts, unless the environment names another one. The app goes on without.
 *
 * @param {{
 *   appDirectory: string, env: NodeJS.ProcessEnv, children: import('./children.mjs').Children,
 *   say: (text: string) => void,
 * }} options
 * @returns {Promise<NodeJS.ProcessEnv>} where the app finds it
 */
export async function startScorer({ appDirectory, env, children, say }) {
  const script = join(appDirectory, 'scripts', 'scorer.mjs');
  if (env.OPENAI_BASE_URL || env.OPENAI_API_KEY || !existsSync(script)) return {};
  const port = await freePort();
  let tail = '';
  const { exited } = children.start(process.execPath, [script], {
    cwd: appDirectory,
    env: { ...env, PORT: String(port) },
    onOutput: (text) => {
      tail = `${tail}${text}`.slice(-2_000);
    },
  });
  void exited.then(({ code }) => {
    if (code)
      say(`The scorer ended by itself; contacts are not scored until the next start.\n${tail.trimEnd()}`);
  });
  return { OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1` };
}
