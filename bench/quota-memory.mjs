/**
 * Counters of a quota in the process, against its peers: one limit and four, each check awaited. In a process of its own:
 * measured after the checks through Redis, in the same process, everybody's took more than twice as long.
 *
 * node quota-memory.mjs [--quick]   (build the packages first)
 */
import { Report } from './lib/report.mjs';
import { memoryChecks } from './quota/memory-checks.mjs';

const report = new Report({
  title: 'Checks of a quota in memory',
  subject: 'quota',
  about: 'One limit and four, counted in the process, each check awaited.',
});
await memoryChecks(report, report.quick ? { rounds: 3, roundMs: 20 } : { rounds: 15, roundMs: 150 });
report.end();
// Some peers leave timers behind that would keep the process.
process.exit();
