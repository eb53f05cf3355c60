// No modern syntax here: an old Node has to be able to read this file, and so reach its own error message.
import { checkNode } from './check-node.mjs';

/**
 * Loads a command where Node is new enough for it, and ends with the code that it returns.
 *
 * @param {() => Promise<() => Promise<number>>} load
 */
export function runOnSupportedNode(load) {
  const problem = checkNode(process.versions.node);
  if (problem) {
    console.error(problem);
    process.exit(1);
  }
  load()
    .then(function run(command) {
      return command();
    })
    .then(function end(code) {
      process.exit(code);
    });
}
