import type { SetUpFinding } from '../check/check-types';
import { warnOfFindings } from '../check/warn-of-findings';
import type { Tracing } from '../types';

const timeoutMs = 2_000;

/**
 * Sends what is left when the process ends, where the application does not do so itself. A process that could send
 * nothing says so: it may end before it would have looked.
 */
export function closeAtExit(tracing: Tracing, host: NodeJS.Process = process): void {
  host.once('beforeExit', () => void close());
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    host.once(signal, async () => {
      // Whoever else listens ends the process in its own time; otherwise it ends as it would have without us.
      const isAlone = host.listenerCount(signal) === 0;
      if (!isAlone) return void tracing.flush({ timeoutMs });
      await close();
      // Warnings are written a turn later.
      await new Promise((resolve) => setImmediate(resolve));
      host.kill(host.pid, signal);
    });
  }

  async function close(): Promise<void> {
    await tracing.close({ timeoutMs });
    const findings = tracing.check() as readonly SetUpFinding[];
    warnOfFindings(
      findings.filter(({ code, status }) => code === 'UNITE_TRACING_EXPORT_FAILS' && status === 'failed'),
    );
  }
}
