/**
 * Reading the request's context: ES modules and CommonJS, with a bare `AsyncLocalStorage` as the floor.
 * Interleaved, medians and the spread of the rounds.
 *
 * node context.mjs [--quick]   (build the packages first)
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import * as esm from '../packages/core/dist/context.js';

const cjs = createRequire(import.meta.url)('../packages/core/dist/context.cjs');
const quick = process.argv.includes('--quick');
const rounds = quick ? 11 : 41;
const perRound = quick ? 1_000_000 : 5_000_000;

const context = esm.createContext();
const bare = new AsyncLocalStorage();
const contestants = {
  'AsyncLocalStorage.getStore': () => bare.getStore(),
  'currentContext, ES module': () => esm.currentContext(),
  'currentContext, CommonJS': () => cjs.currentContext(),
};

const samples = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
let sink = 0;
bare.run(context, () => esm.runWithContext(context, measure));

function measure() {
  for (let round = -3; round < rounds; round++) {
    for (const [name, read] of Object.entries(contestants)) {
      const start = process.hrtime.bigint();
      for (let i = 0; i < perRound; i++) sink += read().requestId.length;
      const nanoseconds = Number(process.hrtime.bigint() - start) / perRound;
      if (round >= 0) samples[name].push(nanoseconds);
    }
  }
}

console.log(`Node ${process.version}, ${rounds} rounds of ${perRound}; ${sink} characters\n`);
console.log('| | ns, median | spread (p10–p90) |\n|---|---:|---:|');
for (const [name, values] of Object.entries(samples)) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.floor(share * (sorted.length - 1))].toFixed(1);
  console.log(`| ${name} | ${at(0.5)} | ${at(0.1)}–${at(0.9)} |`);
}
