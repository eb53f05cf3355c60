// Nothing newer than ES modules up to the check: an old Node must reach its own error message.
import { checkNode } from './lib/check-node.mjs';

const problem = checkNode(process.versions.node);
if (problem) {
  console.error(problem);
  process.exit(1);
}
import('./lib/run-bench.mjs').then(function start(module) {
  return module.runBench(process.argv.slice(2)).then(function end(code) {
    process.exit(code);
  });
});
