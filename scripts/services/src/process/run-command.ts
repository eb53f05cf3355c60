import { spawn } from 'node:child_process';
import type { ServerIdentity } from './server-identity';

/** What a finished command left. */
export interface CommandResult {
  /** Exit code; -1 when it could not be started, was killed, or ran out of time. */
  readonly code: number;
  /** Standard output and error, in order of arrival. */
  readonly output: string;
}

/** Options of `runCommand`. */
export interface CommandOptions {
  readonly timeoutMs: number;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly identity?: ServerIdentity | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Runs a command to its end and never rejects, except with the signal's reason. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  const { timeoutMs, cwd = '/', env = process.env, identity, signal } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env,
      ...identity,
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(signal && { signal }),
    });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output += chunk;
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => {
      if (signal?.aborted) reject(signal.reason);
      else resolve({ code: -1, output: `${output}${error.message}` });
    });
    child.on('close', (code) => resolve({ code: code ?? -1, output }));
  });
}
