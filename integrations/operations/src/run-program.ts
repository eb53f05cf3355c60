import { execFile } from 'node:child_process';

/** What a program said, and how it ended. */
export interface ProgramRun {
  readonly ok: boolean;
  readonly output: string;
}

/** A program that can be run, as `@unite/services` finds it. */
interface Program {
  readonly command: string;
  readonly libraries?: string | undefined;
}

/** Only so that one that hangs ends: machines differ, and nothing is judged by it. */
const timeoutMs = 170_000;

/** Runs a program to its end. */
export function runProgram(
  { command, libraries }: Program,
  args: readonly string[],
  { cwd, env = {} }: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<ProgramRun> {
  const given = { ...process.env, ...env, ...(libraries && { LD_LIBRARY_PATH: libraries }) };
  return new Promise((done) => {
    execFile(command, args, { cwd, env: given, timeout: timeoutMs }, (error, stdout, stderr) => {
      const ended = error?.killed ? `it did not end within ${timeoutMs} ms` : error?.message;
      done({ ok: error === null, output: [stdout, stderr, ended ?? ''].join('\n') });
    });
  });
}

/** Lines of what a program said, where it failed. */
export function complaintsOf(what: string, { ok, output }: ProgramRun): readonly string[] {
  if (ok) return [];
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-20).map((line) => `${what}: ${line}`);
}
