import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * `runLoad` in a process of its own, as the command line has it.
 *
 * @param {object} options of `runLoad`
 * @param {(elapsedMs: number) => void} [onProgress] once a second
 * @returns {Promise<{ report: object, rssMb: number, cpuShare: number }>}
 */
export async function runOurs(options, onProgress = () => {}) {
  const program = fileURLToPath(new URL('./ours.mjs', import.meta.url));
  const child = fork(program, [JSON.stringify(options)]);
  let result;
  child.on('message', (message) => {
    if (message.report) result = message;
    else onProgress(message.elapsedMs);
  });
  const [code] = await once(child, 'close');
  if (!result) throw new Error(`The load did not end: exit code ${code}`);
  return result;
}
