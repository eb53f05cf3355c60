import { runOnSupportedNode } from './lib/run-on-supported-node.mjs';

runOnSupportedNode(function load() {
  return import('./release/run-release-dry.mjs').then(function bind(module) {
    return function run() {
      return module.runReleaseDry();
    };
  });
});
