import { runOnSupportedNode } from './lib/run-on-supported-node.mjs';

runOnSupportedNode(function load() {
  return import('./lib/run-docs.mjs').then(function bind(module) {
    return function run() {
      return module.runDocs(process.argv.slice(2));
    };
  });
});
