import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { Deadline } from '../deadline';
import type { Guard } from '../plain/guard.mjs';
import type { ServerExit } from '../types';
import { descendants } from './descendants';
import { hasEnded } from './has-ended';
import type { ServerIdentity } from './server-identity';

/** How to start a server. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly identity: ServerIdentity | undefined;
  /** Where its output is appended. */
  readonly logFile: string;
  /** Ends it should this process die. */
  readonly guard: Guard;
}

/** A running server: its end is known, and none of its processes is left behind. */
export class ServerProcess {
  readonly pid: number | undefined;
  readonly exited: Promise<ServerExit>;
  readonly #guard: Guard;
  readonly #frozen = new Set<number>();
  #exit: ServerExit | undefined;

  constructor({ command, args, cwd, env, identity, logFile, guard }: ServerCommand) {
    const log = openSync(logFile, 'a', 0o600);
    // Its own session, so that Ctrl-C at the terminal ends it in our order and not at once.
    const child = spawn(command, args, {
      cwd,
      env,
      ...identity,
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    child.unref();
    this.#guard = guard;
    this.pid = child.pid;
    if (child.pid !== undefined) guard.watch(child.pid);
    this.exited = this.#untilExit(child);
  }

  /** How it ended, once it has. */
  get exit(): ServerExit | undefined {
    return this.#exit;
  }

  /** Signals the server and every process under it. @returns the ids of those under it */
  signalAll(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): readonly number[] {
    if (this.pid === undefined || this.#exit) return [];
    // The parent stops first: it starts no further child, and dead it would no longer be the parent of those it has.
    if (signal !== 'SIGCONT') send(this.pid, 'SIGSTOP');
    const below = descendants(this.pid);
    for (const pid of below) send(pid, signal);
    if (signal !== 'SIGSTOP') send(this.pid, signal);
    // A stopped child never notices that its parent is gone, so the guard has to know it by name.
    if (signal === 'SIGSTOP') {
      for (const pid of below) this.#freeze(pid);
    } else {
      this.#thaw();
    }
    return below;
  }

  /**
   * Kills the server and every process under it, and waits until none is left: whoever is told of it finds each
   * connection broken, and loses none that looked well.
   */
  async kill(timeoutMs: number): Promise<void> {
    const below = this.signalAll('SIGKILL');
    await new Deadline(timeoutMs).poll(() => this.#exit && below.every(hasEnded));
    // This process has yet to read the ends of their sockets, to end its own half, and to close: a turn each, and one
    // for whoever hears of it.
    for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
  }

  /** Ends the server by `signal`, and by force when that takes longer than `timeoutMs`. */
  async end(signal: NodeJS.Signals, timeoutMs: number): Promise<void> {
    if (this.pid === undefined || this.#exit) return;
    this.signalAll('SIGCONT');
    send(this.pid, signal);
    if (await new Deadline(timeoutMs).poll(() => this.#exit)) return;
    this.signalAll('SIGKILL');
    await this.exited;
  }

  async #untilExit(child: ChildProcess): Promise<ServerExit> {
    return new Promise((resolve) => {
      const finish = (exit: ServerExit): void => {
        if (this.pid !== undefined) this.#guard.forget(this.pid);
        this.#exit = exit;
        resolve(exit);
      };
      child.once('exit', (code, signal) => finish({ code, signal }));
      child.once('error', () => child.pid === undefined && finish({ code: -1, signal: null }));
    });
  }

  #freeze(pid: number): void {
    if (this.#frozen.has(pid)) return;
    this.#frozen.add(pid);
    this.#guard.watch(pid);
  }

  #thaw(): void {
    for (const pid of this.#frozen) this.#guard.forget(pid);
    this.#frozen.clear();
  }
}

/** The last lines of a log file, or nothing when there is none. */
export function tailOf(logFile: string, lines = 12): string {
  if (!existsSync(logFile)) return '';
  return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Already gone.
  }
}
