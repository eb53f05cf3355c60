import { runOnSupportedNode } from './lib/run-on-supported-node.mjs';

runOnSupportedNode(function load() {
  return import('./lib/run-bench.mjs').then(function bind(module) {
    return function run() {
      return module.runBench(process.argv.slice(2));
    };
  });
});
