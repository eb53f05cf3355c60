import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../services/src/plain/free-port.mjs';

/**
 * Starts a program that stands beside the app, such as its model or its identity provider, on a free port.
 * The app goes on without one that ends.
 *
 * @param {{
 *   appDirectory: string, script: string, env: NodeJS.ProcessEnv, children: import('./children.mjs').Children,
 *   say: (text: string) => void, lost: string, name?: string, ports?: readonly number[], isTls?: boolean,
 * }} options `script` without its ending; `lost` says what no longer works when it ended; `ports` are preferred
 * @returns {Promise<string | undefined>} its address; none where the app has no such program
 */
export async function startSideProgram({
  appDirectory,
  script,
  env,
  children,
  say,
  lost,
  name = script,
  ports = [],
  isTls = false,
}) {
  const path = join(appDirectory, 'scripts', `${script}.mjs`);
  if (!existsSync(path)) return undefined;
  const port = await freePort(ports);
  let tail = '';
  const { exited } = children.start(process.execPath, [path], {
    cwd: appDirectory,
    env: { ...env, PORT: String(port) },
    onOutput: (text) => {
      tail = `${tail}${text}`.slice(-2_000);
    },
  });
  void exited.then(({ code }) => {
    if (code) say(`${name} ended by itself; ${lost}\n${tail.trimEnd()}`);
  });
  return `${isTls ? 'https' : 'http'}://127.0.0.1:${port}`;
}
