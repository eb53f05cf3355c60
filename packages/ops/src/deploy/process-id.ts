import { readFileSync } from 'node:fs';
import { systemClock } from '@unite/shared';
import type { ReleaseProcess } from './deploy-types';

/** Between two looks whether it has gone, in milliseconds. */
const lookMs = 50;

/** A process that may be another's child. */
export interface ProcessId {
  readonly pid: number;
  /** When the system started it, where it tells: the number alone may be another process by now. */
  readonly startedAt: string | undefined;
}

/** @returns nothing when there is no such process any more */
export function identify(pid: number): ProcessId | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Another user's process is one, too.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return undefined;
  }
  return { pid, startedAt: startOf(pid) };
}

/** Whether it runs, and is the same. */
export function isRunning({ pid, startedAt }: ProcessId): boolean {
  const now = identify(pid);
  return now !== undefined && now.startedAt === startedAt;
}

/** A process of an earlier deployment, to be stopped: SIGTERM, and SIGKILL when the time is up. */
export function processOf(id: ProcessId, stopMs: number): ReleaseProcess {
  return { stop: () => endProcess(id, stopMs), exited: new Promise(() => {}) };
}

/** Resolves when it is gone. @throws what the system says where this user may not end it */
export async function endProcess(id: ProcessId, stopMs: number): Promise<void> {
  if (isRunning(id)) process.kill(id.pid, 'SIGTERM');
  for (const startedMs = performance.now(); isRunning(id); await systemClock.sleep(lookMs)) {
    if (performance.now() - startedMs > stopMs) process.kill(id.pid, 'SIGKILL');
  }
}

/**
 * proc(5): the 22nd field, in clock ticks since boot. The second one, the name, may have spaces and brackets. The 20th
 * counts threads: its first one may have ended while others keep the port.
 */
function startOf(pid: number): string | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    // One that has ended, and whose parent has not looked yet.
    return fields[0] === 'Z' && Number(fields[17]) <= 1 ? 'ended' : fields[19];
  } catch {
    return undefined;
  }
}
