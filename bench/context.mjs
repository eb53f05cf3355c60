/**
 * Reading the request's context: ES modules and CommonJS, with a bare `AsyncLocalStorage` as the limit.
 *
 * node context.mjs [--quick]   (build the packages first)
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import * as esm from '../packages/core/dist/context.js';
import { Report } from './lib/report.mjs';
import { interleaved } from './lib/rounds.mjs';
import { showSamples } from './lib/show-samples.mjs';
import { sumLoopOf } from './lib/sum-loop-of.mjs';

const cjs = createRequire(import.meta.url)('../packages/core/dist/context.cjs');
const report = new Report({
  title: 'Reading the context of a request',
  subject: 'core',
  about: 'What every package does on every call, beside a bare `AsyncLocalStorage.getStore()`.',
});
const settings = report.quick ? { rounds: 11, roundMs: 5 } : { rounds: 41, roundMs: 25 };

const context = esm.createContext();
const bare = new AsyncLocalStorage();
const limit = 'AsyncLocalStorage.getStore';
const contestants = {
  [limit]: sumLoopOf(() => bare.getStore().requestId.length),
  'currentContext, ES module': sumLoopOf(() => esm.currentContext().requestId.length),
  'currentContext, CommonJS': sumLoopOf(() => cjs.currentContext().requestId.length),
};

const samples = await bare.run(context, () =>
  esm.runWithContext(context, () => interleaved(contestants, { ...settings, clock: 'cpu' })),
);
const [, ...ours] = Object.keys(contestants);
showSamples(report, 'A read, processor time', samples, { base: limit, ours, limit: [limit] });
report.end();
