import { readdirSync, readFileSync } from 'node:fs';

/** Linux tells processor time in hundredths of a second. */
const ticksPerSecond = 100;

/**
 * Who uses how much of the processors, by looking once a second: servers come and go meanwhile. Linux alone tells;
 * elsewhere nothing is known.
 *
 * @param {() => Readonly<Record<string, readonly (number | undefined)[]>>} roots processes by name, which count with
 *   those that they have started
 */
export function watchProcessors(roots) {
  /** @type {Map<string, number>} */
  const ticksOf = new Map();
  /** @type {Map<number, { ticks: number, parent: number }>} */
  let before = new Map();
  let startedAtMs = 0;
  let seconds = 0;
  let machineBefore = 0;
  let machine = 0;
  return {
    start() {
      before = allProcesses();
      machineBefore = machineTicks();
      startedAtMs = performance.now();
      ticksOf.clear();
    },
    look() {
      const now = allProcesses();
      const nameOf = naming(now, roots());
      for (const [pid, { ticks }] of now) {
        const name = nameOf(pid);
        if (name) ticksOf.set(name, (ticksOf.get(name) ?? 0) + ticks - (before.get(pid)?.ticks ?? 0));
      }
      before = now;
      machine = machineTicks() - machineBefore;
      seconds = (performance.now() - startedAtMs) / 1_000;
    },
    /** In processors: 1 is one that did nothing else. `others` is what does not belong to it. */
    use() {
      const own = [...ticksOf].map(
        ([name, ticks]) => /** @type {const} */ ([name, ticks / ticksPerSecond / seconds]),
      );
      if (own.length === 0) return {};
      const others = Math.max(
        0,
        machine / ticksPerSecond / seconds - own.reduce((sum, [, share]) => sum + share, 0),
      );
      return Object.fromEntries([...own, ['others', others]]);
    },
  };
}

/**
 * Whose process it is: its own name, or that of the nearest ancestor that has one.
 *
 * @param {ReturnType<typeof allProcesses>} processes
 * @param {Readonly<Record<string, readonly (number | undefined)[]>>} roots
 */
function naming(processes, roots) {
  const names = new Map(Object.entries(roots).flatMap(([name, pids]) => pids.map((pid) => [pid, name])));
  return (/** @type {number} */ pid) => {
    for (let at = pid; at > 1; at = processes.get(at)?.parent ?? 0) {
      const name = names.get(at);
      if (name) return name;
    }
    return undefined;
  };
}

function allProcesses() {
  const pids = (process.platform === 'linux' ? readdirSync('/proc') : []).filter((name) =>
    /^\d+$/.test(name),
  );
  return new Map(
    pids.flatMap((pid) => {
      const stat = read(`/proc/${pid}/stat`);
      // proc_pid_stat(5): the name may hold spaces and parentheses, so fields count from the last one.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const ticks = Number(fields[11]) + Number(fields[12]);
      return stat ? [/** @type {const} */ ([Number(pid), { parent: Number(fields[1]), ticks }])] : [];
    }),
  );
}

/** Of all processors, without those that were idle or waited for a disk. */
function machineTicks() {
  const [line = ''] = read('/proc/stat').split('\n');
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = line.split(/\s+/).slice(1).map(Number);
  return user + nice + system + irq + softirq;
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
