import { stripVTControlCharacters } from 'node:util';

/**
 * Runs a command to its end.
 *
 * @param {import('./children.mjs').Children} children
 * @param {readonly string[]} command
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, note?: (line: string) => void }} options `note` hears each line
 * @returns {Promise<string>} its output
 * @throws {Error} with the end of the output
 */
export async function runTool(children, [program = '', ...args], { cwd, env, note = () => {} }) {
  let output = '';
  const { exited } = children.start(program, args, {
    cwd,
    env,
    onOutput: (text) => {
      output += text;
      const line = stripVTControlCharacters(output).trimEnd().split('\n').at(-1)?.trim();
      if (line) note(line);
    },
  });
  const { code, signal } = await exited;
  if (code === 0) return output;
  const end = output.trimEnd().split('\n').slice(-40).join('\n');
  throw new Error(`${[program, ...args].join(' ')} failed (${signal ?? `exit code ${code}`}):\n${end}`);
}
