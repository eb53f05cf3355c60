import { spawnSync } from 'node:child_process';

/**
 * Keeps this process, and what it starts from now on, on one processor: where the kernel puts two busy processes on the
 * same one, a generator would be measured by how little it leaves to the server. Only Linux has `taskset`; elsewhere
 * nothing happens.
 *
 * @param {number} processor from 0
 */
export function moveToProcessor(processor) {
  spawnSync('taskset', ['-acp', String(processor), String(process.pid)], { stdio: 'ignore' });
}
