/**
 * Load shedding beside its peers: is who gets in served in time, when three times as many ask as can be served? Each
 * server in a process of its own, at 3 and 1 times its capacity, with requests at their own times whether or not it
 * keeps up. Interleaved, medians and ranges of the rounds.
 *
 * node ops-shedding.mjs [--quick] [--only=compute,query,cheap,cost]   (build the packages first)
 */
import { chosenParts } from './lib/chosen-parts.mjs';
import { Report } from './lib/report.mjs';
import { admissionCost } from './ops-shedding/admission-cost.mjs';
import { measuredRounds } from './ops-shedding/rounds.mjs';
import { claimAll, showOverload } from './ops-shedding/tables.mjs';
import { workloads } from './ops-shedding/workloads.mjs';

const report = new Report({
  title: 'Shedding load',
  subject: 'ops',
  about:
    'Is who gets in served in time, when three times as many ask as can be served? Each server in a process of its own, with requests at their own times whether or not it keeps up. A request is useful when it is answered within the bound.',
});
const { quick } = report;
const settings = quick
  ? { rounds: 1, durationMs: 2_000, loads: [3], contestants: ['@unite/ops'] }
  : { rounds: 3, durationMs: 3_000, loads: [3, 1] };

const parts = Object.fromEntries(
  Object.entries(workloads).map(([name, workload]) => [name, () => overload(name, workload)]),
);
const cost = () => admissionCost(report, { rounds: quick ? 5 : 21 });
for (const [, part] of chosenParts({ ...parts, cost }, { quick: ['compute', 'cost'] })) await part();
report.end();
// Some peers leave timers behind that would keep the process.
process.exit();

async function overload(name, workload) {
  const rounds = await measuredRounds(name, workload, settings);
  showOverload(report, workload, rounds);
  claimAll(report, workload, rounds);
}
