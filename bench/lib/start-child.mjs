import { fork } from 'node:child_process';
import { once } from 'node:events';

/**
 * A program of a bench, asked by messages.
 *
 * @param {URL} file
 * @param {readonly string[]} [args]
 * @param {NodeJS.ProcessEnv} [env] more than this process has
 * @param {{ execArgv?: readonly string[] }} [options]
 */
export async function startChild(file, args = [], env = {}, { execArgv = [] } = {}) {
  const child = fork(file, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv,
  });
  const [{ port }] = await once(child, 'message', { signal: AbortSignal.timeout(120_000) });
  return {
    port,
    pid: child.pid,
    async ask(what = 'now') {
      const answer = once(child, 'message');
      child.send(what);
      return (await answer)[0];
    },
    async end() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}
