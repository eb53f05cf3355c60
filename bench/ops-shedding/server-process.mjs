import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('server.mjs', import.meta.url));

/** One of `servers` in a process of its own. */
export async function startServer(name) {
  const child = fork(program, [name]);
  const [port] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error(`${name} has ended before it began`))),
  ]);
  return {
    port,
    async close() {
      const ended = once(child, 'exit');
      // Not in peace: it may have minutes of work left.
      child.kill('SIGKILL');
      await ended;
    },
  };
}
