/**
 * The load generator beside wrk and autocannon: 1,000 users without think time, a server that is frozen for a second,
 * and 1,000 users at the pace of people.
 *
 * node ops-load.mjs [--quick] [--only=part,…]   (build the packages first)
 */
import { cpus, loadavg } from 'node:os';
import { judge } from './lib/table.mjs';
import { freeze } from './ops-load/freeze.mjs';
import { saturation } from './ops-load/saturation.mjs';
import { steady } from './ops-load/steady.mjs';

const quick = process.argv.includes('--quick');
const only = process.argv
  .find((arg) => arg.startsWith('--only='))
  ?.slice('--only='.length)
  .split(',');
const settings = quick
  ? { rounds: 1, seconds: 2, freezeSeconds: 4, isShort: true }
  : { rounds: 5, seconds: 6, freezeSeconds: 10, steadySeconds: 40 };
const parts = quick ? { saturation, freeze } : { saturation, freeze, steady };

const load = () =>
  loadavg()
    .map((one) => one.toFixed(1))
    .join(' ');
console.log(`Node ${process.version}, ${cpus().length} processors, load ${load()}`);
const claims = [];
for (const [name, part] of Object.entries(parts)) {
  if (!only || only.includes(name)) claims.push(...(await part(settings)));
}
console.log(`load ${load()}\n`);
judge(claims);
