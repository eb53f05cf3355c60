import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * A probe that asks from a process of its own, through all drills.
 *
 * @param {{ urls: string, headers: Record<string, string>, everyMs: number, timeoutMs: number }} options
 */
export function startSteadyProbe(options) {
  const child = fork(fileURLToPath(new URL('probe-process.mjs', import.meta.url)), { stdio: 'inherit' });
  /** @type {import('@unite/ops/drill').ProbeReport | undefined} */
  let report;
  child.on('message', (/** @type {any} */ message) => {
    report = message.report;
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.send(options);
  return {
    /** Ends it, and gives what it came to. */
    async stop() {
      if (child.connected) child.send('end');
      await exited;
      if (!report) throw new Error('The probe ended without a report');
      return report;
    },
    kill: () => child.kill('SIGKILL'),
  };
}
