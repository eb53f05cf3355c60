import { spawn } from 'node:child_process';

/** A program that is not there, cannot be used here, or failed. */
export class ProgramError extends Error {
  /** It is not there, or of another version than it has to be: nothing is said about the backup. */
  readonly isUnusable: boolean;

  constructor(message: string, isUnusable: boolean) {
    super(message);
    this.isUnusable = isUnusable;
  }
}

const mostOutput = 4_000;

/**
 * Runs a program of PostgreSQL against a database, to its end. The password goes by the environment, since everyone on
 * the machine may read the arguments.
 *
 * @throws ProgramError with the end of what it said
 */
export async function runProgram(
  [command = '', ...first]: readonly string[],
  args: readonly string[],
  databaseUrl: string,
  signal: AbortSignal,
): Promise<void> {
  const url = new URL(databaseUrl);
  const password = decodeURIComponent(url.password);
  url.password = '';
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...first, ...args, '--no-password', `--dbname=${url.href}`], {
      env: { ...process.env, LC_ALL: 'C', ...(password !== '' && { PGPASSWORD: password }) },
      stdio: ['ignore', 'ignore', 'pipe'],
      signal,
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-mostOutput);
    });
    child.once('error', (error: NodeJS.ErrnoException) => {
      const isMissing = error.code === 'ENOENT';
      reject(new ProgramError(isMissing ? `there is no ${command}` : error.message, isMissing));
    });
    child.once('close', (code) => {
      if (code === 0) return resolve();
      // Each line begins with the program's name.
      const reason = said.replace(/^\S+: (error|detail|hint): /gm, '').trim() || `ended with ${code}`;
      reject(new ProgramError(`${command}: ${reason}`, /version mismatch/.test(said)));
    });
  });
}
