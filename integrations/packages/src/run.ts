import { spawnSync } from 'node:child_process';

/** What a finished command left behind. */
export interface Finished {
  readonly exitCode: number | null;
  readonly stdout: string;
  /** All that it printed, errors after the rest. */
  readonly output: string;
}

/** Runs a command to its end. */
export function run(command: string, args: readonly string[], directory: string): Finished {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: directory,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
  });
  if (error) throw error;
  return { exitCode: status, stdout, output: `${stdout}${stderr}`.trim() };
}

/** Runs a command that must succeed; what it printed is in the error when it does not. */
export function mustRun(command: string, args: readonly string[], directory: string): string {
  const { exitCode, stdout, output } = run(command, args, directory);
  if (exitCode !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${exitCode}:\n${output}`);
  return stdout;
}
