/**
 * Load shedding beside its peers: is who gets in served in time, when three times as many ask as can be served? Each
 * server in a process of its own, at 3, 2 and 1 times its capacity, with requests at their own times whether or not it
 * keeps up. Interleaved, medians and ranges of the rounds.
 *
 * node ops-shedding.mjs [--quick] [--only=compute,query,cheap,cost]   (build the packages first)
 */
import { cpus, loadavg } from 'node:os';
import { judge } from './lib/table.mjs';
import { admissionCost } from './ops-shedding/admission-cost.mjs';
import { measuredRounds } from './ops-shedding/rounds.mjs';
import { claimsOf, overloadTables } from './ops-shedding/tables.mjs';
import { workloads } from './ops-shedding/workloads.mjs';

const quick = process.argv.includes('--quick');
const given = process.argv.find((arg) => arg.startsWith('--only='))?.slice('--only='.length);
const only = given?.split(',') ?? (quick ? ['compute', 'cost'] : undefined);
const settings = quick
  ? { rounds: 1, durationMs: 2_000, loads: [3], contestants: ['@unite/ops'] }
  : { rounds: 3, durationMs: 3_000, loads: [3, 2, 1] };

const load = () =>
  loadavg()
    .map((one) => one.toFixed(1))
    .join(' ');
console.log(
  `Node ${process.version}, ${cpus().length} processors, load ${load()}, ${settings.rounds} rounds\n`,
);

const chosen = (name) => !only || only.includes(name);
const claims = [];
for (const [name, workload] of Object.entries(workloads)) {
  if (!chosen(name)) continue;
  const rounds = await measuredRounds(name, workload, settings);
  console.log(`${overloadTables(workload, rounds)}\n`);
  claims.push(...claimsOf(workload, rounds));
}
if (chosen('cost')) claims.push(...(await admissionCost({ rounds: quick ? 5 : 21 })));
console.log(`Load ${load()}\n`);
judge(claims, { quick });
// Some peers leave timers behind that would keep the process.
process.exit();
