import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { moveToProcessor } from './move-to-processor.mjs';

/**
 * A server of its own process, on a processor of its own: whatever is started after it has another one.
 *
 * @param {{ burnMs?: number, connections?: number }} [options] see server.mjs
 */
export async function startServer({ burnMs = 0, connections = 0 } = {}) {
  const program = fileURLToPath(new URL('./server.mjs', import.meta.url));
  moveToProcessor(0);
  const child = fork(program, [String(burnMs), String(connections)]);
  moveToProcessor(1);
  const [port] = await once(child, 'message');
  return {
    url: `http://127.0.0.1:${port}/`,
    freeze: () => child.kill('SIGSTOP'),
    thaw: () => child.kill('SIGCONT'),
    async close() {
      child.kill('SIGKILL');
      await once(child, 'close');
    },
  };
}

/** A server for one run alone, so that no connection of the last one is still there. */
export async function withServer(options, run) {
  const server = await startServer(options);
  try {
    return await run(server.url);
  } finally {
    await server.close();
  }
}
