import { runOnSupportedNode } from './lib/run-on-supported-node.mjs';

runOnSupportedNode(function load() {
  return import('./supply-chain/run-supply-chain.mjs').then(function bind(module) {
    return function run() {
      return module.runSupplyChain();
    };
  });
});
