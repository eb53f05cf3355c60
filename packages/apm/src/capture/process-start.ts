import { readFileSync } from 'node:fs';

/**
 * What tells a process from a later one with the same id: when it started, in ticks since the boot. `undefined` where the
 * system does not say; `gone` where there is no such process, or only what its parent has not yet asked for.
 *
 * @see proc_pid_stat(5)
 */
export function processStart(processId: number): string | 'gone' | undefined {
  if (process.platform !== 'linux') return isRunning(processId) ? undefined : 'gone';
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'latin1');
    // The name of the command comes before, in parentheses, and may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state] = fields;
    // Its first thread may have ended before the others.
    const hasEnded = state === 'Z' && Number(fields[17]) <= 1;
    return hasEnded || state === 'X' ? 'gone' : fields[19];
  } catch {
    return isRunning(processId) ? undefined : 'gone';
  }
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // It runs, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
