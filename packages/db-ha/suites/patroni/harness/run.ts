import { execFile } from 'node:child_process';

/** Options of {@link run}. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Runs a program to its end, for at most five minutes.
 *
 * @returns what it printed, with its complaints last
 * @throws Error that quotes the output when the program fails
 */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { cwd = '/', env = {} } = options;
  return new Promise((resolve, reject) => {
    execFile(
      command,
      [...args],
      {
        cwd,
        env: { ...process.env, LC_ALL: 'C', ...env },
        timeout: 300_000,
        maxBuffer: 64 * 1024 * 1024,
      },
      (error, stdout, stderr) => {
        const output = `${stdout}${stderr}`;
        if (!error) return resolve(output);
        const said = output.trim() || error.message;
        reject(new Error(`${command} ${args.join(' ')} failed: ${said}`, { cause: error }));
      },
    );
  });
}
