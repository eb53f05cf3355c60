import { Interruption, type StopSignal } from '../../src/cli/interruption';
import { runCli } from '../../src/cli/run-cli';
import { project } from './project';

/** How the command line is used. */
export interface Use {
  /** The project's files. @default none */
  readonly files?: Readonly<Record<string, string>> | undefined;
  readonly cwd?: string | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly isTTY?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Interrupts when the standard error says so. */
  readonly interrupt?: { readonly when: string; readonly by: StopSignal } | undefined;
  readonly graceMs?: number | undefined;
}

/** What it did. */
export interface Used {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line in this process. */
export async function unite(argv: readonly string[], use: Use = {}): Promise<Used> {
  const { files = {}, cwd = project(files), env = {}, isTTY, interrupt, graceMs } = use;
  const controller = new AbortController();
  const stdout: string[] = [];
  const stderr: string[] = [];
  const exitCode = await runCli({
    argv,
    cwd,
    env,
    stdout: { isTTY, write: (text) => stdout.push(text) },
    stderr: { isTTY, write: readError },
    signal: use.signal ?? controller.signal,
    version: '1.2.3',
    graceMs,
  });
  return { exitCode, stdout: stdout.join(''), stderr: stderr.join('') };

  function readError(text: string): void {
    stderr.push(text);
    if (interrupt && text.includes(interrupt.when)) controller.abort(new Interruption(interrupt.by));
  }
}
