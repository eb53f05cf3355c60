/**
 * The way of spans to a receiver: what a million of them become while it is down, slow, failing or silent; whether each
 * of 10,000 requests arrives; and what sampler and queue cost beside the SDK's own processor.
 *
 * node tracing-export.mjs [--quick] [--only=part,…]   (build the packages first)
 */
import { cpus, loadavg } from 'node:os';
import { judge } from './lib/table.mjs';
import { cost } from './tracing-export/cost.mjs';
import { exactRoots } from './tracing-export/exact-roots.mjs';
import { outage } from './tracing-export/outage.mjs';

const quick = process.argv.includes('--quick');
const only = process.argv
  .find((arg) => arg.startsWith('--only='))
  ?.slice('--only='.length)
  .split(',');
// What becomes of spans while receivers are in trouble is in the package's tests, too, and the rest judges the machine.
const chosen = only ?? (quick ? ['exactRoots'] : ['exactRoots', 'outage', 'cost']);
const load = () =>
  loadavg()
    .map((one) => one.toFixed(1))
    .join(' ');

console.log(`Node ${process.version}, ${cpus().length} processors, load ${load()}\n`);
const claims = [];
for (const [name, part] of Object.entries({ exactRoots, outage, cost })) {
  if (chosen.includes(name)) claims.push(...(await part({ quick })));
}
console.log(`Load ${load()}\n`);
judge(claims, { quick });
