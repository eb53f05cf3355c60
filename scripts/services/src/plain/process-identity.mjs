// Plain JavaScript: `scripts/start.mjs` needs it before anything is built.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * When a process started, as an opaque text that is the same at every look and differs for the next
 * process that gets the same id. A file that names a process must carry it, or a reused id passes for the
 * old process.
 *
 * @param {number} pid
 * @returns {string | undefined} `undefined` when no such process runs; a zombie does not run
 */
export function processStartedAt(pid) {
  if (process.platform !== 'linux') return ask(pid, 'lstart=');
  const stat = read(`/proc/${pid}/stat`);
  if (!stat) return undefined;
  // proc_pid_stat(5): the name may hold spaces and parentheses, so fields count from the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startTicks] = [fields[0], fields[19]];
  // While one of its threads has not ended it holds what it has opened.
  const hasEnded = state === 'Z' && Number(fields[17]) <= 1;
  if (hasEnded || state === 'X') return undefined;
  return `${read('/proc/sys/kernel/random/boot_id')?.trim() ?? ''}/${startTicks}`;
}

/**
 * The command line of a process, its arguments joined by spaces.
 *
 * @param {number} pid
 * @returns {string | undefined} `undefined` when no such process runs
 */
export function processCommand(pid) {
  if (process.platform !== 'linux') return ask(pid, 'command=');
  return read(`/proc/${pid}/cmdline`)?.split('\0').join(' ').trim() || undefined;
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * @param {number} pid
 * @param {string} column
 */
function ask(pid, column) {
  const { status, stdout } = spawnSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() || undefined : undefined;
}
