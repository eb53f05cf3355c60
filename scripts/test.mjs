import { runOnSupportedNode } from './lib/run-on-supported-node.mjs';

runOnSupportedNode(function load() {
  return import('./lib/run-tests.mjs').then(function bind(module) {
    return function run() {
      return module.runTests(process.argv.slice(2));
    };
  });
});
