import type { CloseOptions } from './types';

// What a package hands to the `unite` command line, which knows no package by name.

/** Whatever owns sockets, timers or buffers. */
export interface Closable {
  /** Drains first. Idempotent; resolves with what was lost. */
  close(options?: CloseOptions): Promise<unknown>;
}

/** What a verifier found out about one thing. */
export interface Finding {
  /** The thing, in a few words: `replica db-2`. */
  readonly subject: string;
  /**
   * - `passed`: it was proven, by a round trip.
   * - `warned`: it works, and somebody should look.
   * - `failed`: it does not work.
   * - `skipped`: it could not be looked at; `detail` says why.
   */
  readonly status: 'passed' | 'warned' | 'failed' | 'skipped';
  /** What was seen, in one sentence, without secrets. */
  readonly detail: string;
  /** What to do about it, in one sentence. Belongs to `warned` and `failed`. */
  readonly remedy?: string | undefined;
  /** Numbers that were measured, their names with units: `{ replayedAfterMs: 12 }`. */
  readonly measured?: Readonly<Record<string, number | string | boolean>> | undefined;
}

/** What a verifier is given. */
export interface VerifyRun {
  /** Random, and of this run alone: send it, and read it back from the receiver. 32 lower-case hex digits. */
  readonly nonce: string;
  /** Aborts when the time is up or the run was interrupted. */
  readonly signal: AbortSignal;
  /** Says what is being waited for, one short sentence at a time. */
  note(text: string): void;
}

/** Proves one part of a set-up from outside: `unite verify` runs those that the configuration lists. */
export interface Verifier {
  /** One word, unique in a configuration: `unite verify database`. */
  readonly name: string;
  /** What is proven, in one line for `unite verify --list`. */
  readonly about: string;
  /** Longest time for a run, in milliseconds; then it counts as failed. @default 15_000 */
  readonly timeoutMs?: number | undefined;
  /** A rejection is a failed finding with the error's message. */
  run(run: VerifyRun): Promise<readonly Finding[]>;
}

/** One option of a command, given as `--name value`. */
export interface CommandOption {
  readonly type: 'string' | 'number' | 'boolean';
  /** One line for `--help`. */
  readonly about: string;
  /** Value when it is not given. @default undefined, and false for a boolean */
  readonly default?: string | number | boolean | undefined;
}

/** One argument of a command, by its place. */
export interface CommandArgument {
  readonly name: string;
  /** One line for `--help`. */
  readonly about: string;
  /** @default true */
  readonly required?: boolean | undefined;
}

/** What a command is run with. */
export interface CommandRun {
  /** By the names of the declaration. */
  readonly options: Readonly<Record<string, string | number | boolean | undefined>>;
  /** By the names of the declaration. */
  readonly arguments: Readonly<Record<string, string | undefined>>;
  /** Aborts at the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  /** Whether the answer is read by a program. Progress goes to the standard error either way. */
  readonly json: boolean;
  /** Says what is being done. */
  note(text: string): void;
}

/** What a command came to. */
export interface CommandResult {
  /** For people. Nothing is printed of it with `--json`. */
  readonly text?: string | undefined;
  /** For `--json`: anything that JSON can say. */
  readonly data?: unknown;
  /** 0: done. 1: the answer is no. Others belong to the command line. @default 0 */
  readonly exitCode?: 0 | 1 | undefined;
}

/** A command that a package adds: `unite keys rotate`. */
export interface UniteCommand {
  /** One word, or two for a family of commands: `keys rotate`. */
  readonly name: string;
  /** One line for `--help`. */
  readonly about: string;
  readonly arguments?: readonly CommandArgument[] | undefined;
  readonly options?: Readonly<Record<string, CommandOption>> | undefined;
  /** A rejection is printed with its message and code, and ends with exit code 1. */
  run(run: CommandRun): Promise<CommandResult | undefined>;
}
