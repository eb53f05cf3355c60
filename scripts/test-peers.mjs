import { runOnSupportedNode } from './lib/run-on-supported-node.mjs';

runOnSupportedNode(function load() {
  return import('./peers/run-test-peers.mjs').then(function bind(module) {
    return function run() {
      return module.runTestPeers(process.argv.slice(2));
    };
  });
});
