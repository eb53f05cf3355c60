import { runLoad } from '../../../src/load';
import { startServer } from './start-server';

/** The first request of a process compiles what reads answers, for longer than some of the runs take. */
export async function warmUp(): Promise<void> {
  const server = await startServer((_, response) => void response.end());
  await runLoad({ target: server.url, users: 5, thinkMs: [5, 10], rampMs: 100, durationMs: 100 });
  await server.close();
}
