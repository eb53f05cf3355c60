import { fork } from 'node:child_process';
import { once } from 'node:events';

/**
 * A program of a bench, asked by messages.
 *
 * @param {URL} file
 * @param {readonly string[]} [args]
 * @param {NodeJS.ProcessEnv} [env] more than this process has
 */
export async function startChild(file, args = [], env = {}) {
  const child = fork(file, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [{ port }] = await once(child, 'message', { signal: AbortSignal.timeout(30_000) });
  return {
    port,
    async ask() {
      const answer = once(child, 'message');
      child.send('now');
      return (await answer)[0];
    },
    async end() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}
