import { readdirSync, readFileSync } from 'node:fs';

const usPerTick = 10_000;

/** Microseconds of processor time that a process and those below it have used, and those that it has waited for. */
export function processorUs(pid) {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statOf(name) ?? []);
  const family = [pid];
  for (const parent of family)
    family.push(...processes.filter((one) => one.parent === parent).map((one) => one.pid));
  const ended = processes.find((one) => one.pid === pid)?.endedTicks ?? 0;
  return family.reduce((sum, one) => sum + runUs(one), ended * usPerTick);
}

/** Bytes that a process shares with nobody. */
export function privateBytes(pid) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kilobytes = [...text.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB/gm)].map(([, kb]) => Number(kb));
  return kilobytes.reduce((sum, kb) => sum + kb, 0) * 1_024;
}

function statOf(name) {
  const text = read(`/proc/${name}/stat`);
  if (!text) return undefined;
  // The name, in parentheses, may have spaces.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return {
    pid: Number(name),
    parent: Number(fields[1]),
    endedTicks: Number(fields[13]) + Number(fields[14]),
  };
}

/** Finer than ticks, and of what runs alone. */
const runUs = (pid) => Number(read(`/proc/${pid}/schedstat`)?.split(' ')[0] ?? 0) / 1_000;

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
