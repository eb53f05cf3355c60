import { runOnSupportedNode } from './lib/run-on-supported-node.mjs';

runOnSupportedNode(function load() {
  return import('./lib/run-start.mjs').then(function bind(module) {
    return function run() {
      return module.runStart();
    };
  });
});
