import { fork } from 'node:child_process';
import { once } from 'node:events';

/** A program of this bench, asked by messages. */
export async function startChild(file, args = [], env = {}) {
  const child = fork(new URL(file, import.meta.url), args, {
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
