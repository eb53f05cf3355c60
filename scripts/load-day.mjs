import { runOnSupportedNode } from './lib/run-on-supported-node.mjs';

runOnSupportedNode(function load() {
  return import('./load-day/run-load-day.mjs').then(function bind(module) {
    return function run() {
      return module.runLoadDay(process.argv.slice(2));
    };
  });
});
