import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Deadline } from '../deadline';
import { processCommand, processStartedAt } from '../plain/process-identity.mjs';
import { descendants } from '../process/descendants';

/**
 * Ends the server that an earlier, killed run left in a data directory. Only one that is beyond doubt this
 * directory's: its command line names it. The id alone may long be somebody else's.
 *
 * @returns whether there was one
 */
export async function stopStaleServer(directory: string): Promise<boolean> {
  const pid = pidIn(join(directory, 'postmaster.pid'));
  const startedAt = pid && processStartedAt(pid);
  if (!pid || !startedAt) return false;
  if (!processCommand(pid)?.includes(directory)) {
    // A reused id: PostgreSQL would refuse to start because of it.
    rmSync(join(directory, 'postmaster.pid'), { force: true });
    return false;
  }
  const below = descendants(pid);
  for (const signal of ['SIGCONT', 'SIGINT'] as const)
    send([pid, ...below.filter(() => signal === 'SIGCONT')], signal);
  const gone = await new Deadline(5_000).poll(() => processStartedAt(pid) !== startedAt);
  if (!gone) {
    send([pid, ...below], 'SIGKILL');
    await new Deadline(5_000).poll(() => processStartedAt(pid) !== startedAt);
  }
  return true;
}

function pidIn(file: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10) || undefined;
  } catch {
    return undefined;
  }
}

function send(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // Already gone.
    }
  }
}
