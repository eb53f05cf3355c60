import { stripVTControlCharacters } from 'node:util';

/**
 * Runs a command to its end.
 *
 * @param {import('./children.mjs').Children} children
 * @param {readonly string[]} command
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, note?: (line: string) => void, timeoutMs?: number }} options `note` hears
 *   each line; after `timeoutMs` the command is killed with all it started, an hour when not said
 * @returns {Promise<string>} its output
 * @throws {Error} with the end of the output
 */
export async function runTool(children, [program = '', ...args], options) {
  const { cwd, env, note = () => {}, timeoutMs = 60 * 60_000 } = options;
  let output = '';
  const { exited, kill } = children.start(program, args, {
    cwd,
    env,
    onOutput: (text) => {
      output += text;
      const line = stripVTControlCharacters(output).trimEnd().split('\n').at(-1)?.trim();
      if (line) note(line);
    },
  });
  let hung = '';
  const timer = setTimeout(() => {
    hung = `, still running after ${timeoutMs / 1_000} s`;
    kill();
  }, timeoutMs);
  const { code, signal } = await exited;
  clearTimeout(timer);
  if (code === 0) return output;
  const end = output.trimEnd().split('\n').slice(-40).join('\n');
  throw new Error(
    `${[program, ...args].join(' ')} failed (${signal ?? `exit code ${code}`}${hung}):\n${end}`,
  );
}
