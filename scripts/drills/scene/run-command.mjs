import { execFile } from 'node:child_process';

const maxBuffer = 64 * 1024 * 1024;

/**
 * Runs a command to its end, whatever its exit code.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, signal: AbortSignal }} options
 * @returns {Promise<{ code: number, stdout: string, stderr: string }>}
 */
export function runCommand(command, args, { cwd, env = {}, signal }) {
  const { PATH, HOME, CHROMIUM_PATH } = process.env;
  return new Promise((resolve, reject) => {
    execFile(
      command,
      args,
      // What starts a Chromium ends it at this signal.
      { cwd, env: { PATH, HOME, CHROMIUM_PATH, ...env }, signal, killSignal: 'SIGINT', maxBuffer },
      (error, stdout, stderr) => {
        if (signal.aborted) reject(signal.reason);
        else if (error && typeof error.code !== 'number') reject(error);
        else resolve({ code: Number(error?.code ?? 0), stdout, stderr });
      },
    );
  });
}
