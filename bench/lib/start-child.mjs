import { fork } from 'node:child_process';
import { once } from 'node:events';

/**
 * A program of a bench, asked by messages.
 *
 * @param {URL} file
 * @param {readonly string[]} [args]
 * @param {NodeJS.ProcessEnv} [env] more than this process has
 * @param {{ execArgv?: readonly string[], execPath?: string }} [options] `execPath`: another Node than this
 */
export async function startChild(
  file,
  args = [],
  env = {},
  { execArgv = [], execPath = process.execPath } = {},
) {
  const child = fork(file, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv,
    execPath,
  });
  const signal = AbortSignal.timeout(120_000);
  const ended = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`${file} ended with ${code} before it listened`);
  });
  const [{ port }] = await Promise.race([once(child, 'message', { signal }), ended]);
  // It ends when it is told to.
  ended.catch(() => undefined);
  return {
    port,
    pid: child.pid,
    async ask(what = 'now') {
      const answer = once(child, 'message');
      child.send(what);
      return (await answer)[0];
    },
    async end() {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}
