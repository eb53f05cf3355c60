import { readFileSync } from 'node:fs';

/**
 * Whether a process is over. One that only waits for its parent to hear of it (a zombie) is, once the last of its threads
 * has ended: until then the others keep its sockets. @see proc_pid_stat(5), fields 3 and 20
 */
export function hasEnded(pid: number): boolean {
  try {
    if (process.platform !== 'linux') return !process.kill(pid, 0);
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' && Number(fields[17]) <= 1;
  } catch {
    return true;
  }
}
