import type { Tracing } from '../types';

const timeoutMs = 2_000;

/** Sends what is left when the process ends, where the application does not do so itself. */
export function closeAtExit(tracing: Tracing, host: NodeJS.Process = process): void {
  host.once('beforeExit', () => void tracing.close({ timeoutMs }));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    host.once(signal, async () => {
      // Whoever else listens ends the process in its own time; otherwise it ends as it would have without us.
      const isAlone = host.listenerCount(signal) === 0;
      await (isAlone ? tracing.close({ timeoutMs }) : tracing.flush({ timeoutMs }));
      if (isAlone) host.kill(host.pid, signal);
    });
  }
}
