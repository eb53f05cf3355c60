import { runOnSupportedNode } from './lib/run-on-supported-node.mjs';

runOnSupportedNode(function load() {
  return import('./lib/run-drill.mjs').then(function bind(module) {
    return function run() {
      return module.runDrill(process.argv.slice(2));
    };
  });
});
