import { readFileSync } from 'node:fs';

/** Whether a process is over. One that only waits for its parent to hear of it (a zombie) is: its sockets are closed. */
export function hasEnded(pid: number): boolean {
  try {
    if (process.platform !== 'linux') return !process.kill(pid, 0);
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.charAt(stat.lastIndexOf(')') + 2) === 'Z';
  } catch {
    return true;
  }
}
