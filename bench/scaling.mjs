/**
 * What one unit of each design costs, on a real Redis and a real PostgreSQL: the figures that docs/scaling.md multiplies.
 * Processor time of the servers, as they or the kernel count it, so that it holds on a busy machine.
 *
 * node scaling.mjs [--quick] [--only=part,…] [--write]   (build the packages first)
 *
 * `--write` keeps the figures in scaling/measured.json; `node scaling/write-document.mjs` then does the sums again.
 */
import { Report } from './lib/report.mjs';
import { short } from './lib/table.mjs';
import { readMeasured, writeMeasured } from './scaling/measured.mjs';
import { showSimulations } from './scaling/show-simulations.mjs';
import { readSimulated, simulate } from './scaling/simulate.mjs';
import { databaseCalls } from './scaling/units/database-calls.mjs';
import { invalidationLog } from './scaling/units/invalidation-log.mjs';
import { ledgerEvents } from './scaling/units/ledger-events.mjs';
import { metricSeries } from './scaling/units/metric-series.mjs';
import { quotaChecks } from './scaling/units/quota-checks.mjs';
import { traceSpans } from './scaling/units/trace-spans.mjs';
import { vaultKeys } from './scaling/units/vault-keys.mjs';

const report = new Report({
  title: 'What one unit costs',
  subject: 'stack',
  about: 'Processor time and bytes of one operation of each design, from which docs/scaling.md reckons.',
});
const only = process.argv
  .find((arg) => arg.startsWith('--only='))
  ?.slice('--only='.length)
  .split(',');
const settings = report.quick ? { rounds: 3, scale: 0.1 } : { rounds: 7, scale: 0.4 };
const parts = {
  invalidationLog,
  quotaChecks,
  ledgerEvents,
  databaseCalls,
  traceSpans,
  metricSeries,
  vaultKeys,
};

const kept = readMeasured();
const found = {};
for (const [name, part] of Object.entries(parts)) {
  if (only && !only.includes(name)) continue;
  Object.assign(found, await part(settings));
}
report.table(
  'One unit',
  ['what', 'median', 'unit', 'range', 'in docs/scaling.md'],
  Object.entries(found).map(([name, { what, median, least, most, unit }]) => [
    what,
    short(median),
    unit,
    `${short(least)}–${short(most)}`,
    kept[name] ? short(kept[name].value) : 'new',
  ]),
);
for (const [name, { what, median }] of Object.entries(found)) {
  const ratio = median / (kept[name]?.value ?? median);
  report.claim(
    `${what}: within a factor of 3 of what docs/scaling.md reckons with`,
    ratio > 1 / 3 && ratio < 3,
    {
      figure: `${short(ratio)}×`,
      isOfMachine: true,
    },
  );
}
showSimulations(report, readSimulated());
if (!report.quick && !only) {
  const isSame = JSON.stringify(simulate()) === JSON.stringify(readSimulated());
  report.claim('the simulations come out as docs/scaling.md shows them', isSame);
}
if (process.argv.includes('--write')) writeMeasured(found);
report.end();
