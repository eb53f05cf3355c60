import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs a program of the tests to its end, and reads the JSON of its last line. */
export async function runProgram<Answer>(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Answer> {
  const { stdout } = await run(process.execPath, [...args], {
    cwd: process.cwd(),
    env: { ...process.env, NODE_NO_WARNINGS: '1', ...env },
    timeout: 150_000,
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Answer;
}
