import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';

/** Who holds a lock. */
export interface LockHolder {
  /** Of this lock, and no other. */
  readonly id: string;
  readonly pid: number;
  readonly host: string;
  /** When the process started, as its system counts; `null` where that is not told. */
  readonly start: string | null;
}

export async function thisProcess(): Promise<LockHolder> {
  const { pid } = process;
  const { start } = await statOf(pid);
  return { id: randomBytes(8).toString('hex'), pid, host: hostname(), start: start ?? null };
}

/** `undefined` for a text that names nobody. */
export function parseHolder(text: string): LockHolder | undefined {
  const holder = parsed(text);
  const { id, pid, host, start } = (holder ?? {}) as Record<string, unknown>;
  const isHolder =
    /^[0-9a-f]{16}$/.test(String(id)) &&
    Number.isSafeInteger(pid) &&
    // Those from 0 down are groups of processes.
    Number(pid) > 0 &&
    typeof host === 'string' &&
    (start === null || typeof start === 'string');
  return isHolder ? (holder as LockHolder) : undefined;
}

/** Whether its process is known to have ended: of other hosts nothing is. */
export async function isGone({ pid, host, start }: LockHolder): Promise<boolean> {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // One of another user may not be asked, and is there.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return true;
  }
  const { state, threads, start: startNow } = await statOf(pid);
  // Killed, and its parent has not asked for it yet, or never will. Until the last thread has ended one may still write.
  if (state === 'Z' && Number(threads) <= 1) return true;
  // Its number may be another process's by now.
  return start !== null && startNow !== undefined && startNow !== start;
}

/** Linux tells it, with the start in ticks. @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
async function statOf(pid: number) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name, field 2, is in brackets and may have spaces and brackets in it; threads are field 20, the start is 22.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0], threads: fields[17], start: fields[19] };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
