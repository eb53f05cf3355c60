import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Workplace } from './workplace';

/** How to start a server. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** Its folder. Whatever it starts works there too, which is how it is found again. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly identity: Workplace['identity'];
  /** Where its output is appended. */
  readonly logFile: string;
}

/** Starts a server in its own session, so that Ctrl-C at the terminal ends it in our order. */
export function startServer({ command, args, cwd, env, identity, logFile }: ServerCommand): void {
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(command, [...args], {
    cwd,
    env: { ...process.env, ...env, HOME: cwd },
    ...identity,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  // What is wrong shows in the log, or in that nothing answers.
  child.on('error', () => {});
  child.unref();
}

/**
 * Ids of the processes that work in a folder. Patroni puts PostgreSQL into a session of its own and does not
 * stay its parent, so neither process groups nor ancestry find a whole member; the working folder does.
 */
export function processesIn(directory: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return `${readlinkSync(`/proc/${pid}/cwd`)}/`.startsWith(`${directory}/`);
      } catch {
        return false; // Ended meanwhile, or somebody else's.
      }
    })
    .map(Number);
}

/** Command and arguments of a process, separated by spaces; empty when it has ended. */
export function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** Signals everything that works in a folder; after `SIGKILL`, waits until none of it is left. */
export async function signalAll(directory: string, signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void> {
  // All at once, as a machine dies: frozen first, none of them sees another go.
  if (signal === 'SIGKILL') for (const pid of processesIn(directory)) send(pid, 'SIGSTOP');
  for (;;) {
    const pids = processesIn(directory);
    for (const pid of pids) send(pid, signal);
    if (signal !== 'SIGKILL' || pids.length === 0) return;
    await sleep(5);
  }
}

/** The last lines of a log file. */
export function tailOf(logFile: string, lines = 25): string {
  if (!existsSync(logFile)) return `${logFile} does not exist`;
  const text = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  return `${logFile}:\n${text}`;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Already gone.
  }
}
