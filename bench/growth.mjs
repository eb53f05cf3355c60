/**
 * How cost grows with work: one axis at a time, from little to much, in time of the processor for each operation.
 * Points interleaved round by round, medians and ranges, and the exponent with which the whole cost grows.
 *
 * node growth.mjs [--quick] [--only=part,…]   (build the packages first)
 */
import { Axes } from './growth/axis.mjs';
import { cacheMemory } from './growth/cache-memory.mjs';
import { crypto } from './growth/crypto.mjs';
import { Report } from './lib/report.mjs';

const only = process.argv
  .find((arg) => arg.startsWith('--only='))
  ?.slice('--only='.length)
  .split(',');
const parts = { cacheMemory, crypto };

const report = new Report({
  title: 'How cost grows with work',
  subject: 'stack',
  about:
    'Each axis is one operation on more and more work. The exponent is that of the whole cost: at 1, twice the work costs twice as much.',
});
const axes = new Axes(report, report.quick ? { rounds: 5, roundMs: 3 } : { rounds: 11, roundMs: 8 });
for (const [name, part] of Object.entries(parts)) {
  if (!only || only.includes(name)) await part(axes);
}
axes.end();
report.end();
