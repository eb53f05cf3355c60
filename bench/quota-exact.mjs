/**
 * The ledger of admissions: eight processes with up to 200 requests in flight each make 5,000 attempts at a limit of
 * 1,000, while Redis is killed and comes back with nothing, with an old snapshot or with its log, commits are slow, a
 * worker is stopped, and the period ends. Admissions, the ledger and the counters must agree to the unit.
 *
 * node quota-exact.mjs [--quick | --short] [--json] [--careless] [phase …]   (build the packages first)
 *
 * `--careless` leaves the ledger out of the decision (`durability: 'store'`), which shows that this can fail.
 */
import { Report } from './lib/report.mjs';
import { runPhases } from './quota-exact/run-phases.mjs';

const args = process.argv.slice(2);
const form = ['quick', 'short'].find((name) => args.includes(`--${name}`)) ?? 'full';
const asJson = args.includes('--json');
const names = args.filter((arg) => !arg.startsWith('--'));

const columns = [
  ['phase', ({ name }) => name],
  ['attempts', ({ attempts }) => attempts],
  ['admitted', ({ admitted }) => admitted.join(' + ')],
  ['ledger', ({ ledger }) => ledger.join(' + ')],
  ['counter', ({ counter }) => counter],
  ['answered 503', ({ unavailable }) => unavailable],
  ['rehydrated', ({ rehydrations }) => rehydrations],
  ['seconds', ({ seconds }) => seconds.toFixed(1)],
];

const results = await runPhases(form, {
  only: names.length > 0 ? names : undefined,
  durability: args.includes('--careless') ? 'store' : 'ledger',
  onPhase: ({ name, missed }) => {
    if (!asJson) console.error(`${name}: ${missed.length === 0 ? 'holds' : `missed ${missed.join(', ')}`}`);
  },
});
if (asJson) {
  console.log(JSON.stringify(results));
  process.exit(results.some(({ missed }) => missed.length > 0) ? 1 : 0);
}

const report = new Report({
  title: 'The ledger of admissions',
  subject: 'quota',
  about:
    'Eight processes with up to 200 requests in flight each make 5,000 attempts at a limit of 1,000, while Redis is killed and comes back with nothing, with an old snapshot or with its log, commits are slow, a worker is stopped, and the period ends. Admissions, the ledger and the counters must agree to the unit.',
});
report.table(
  'What was admitted, and what the ledger and the counters say',
  columns.map(([title]) => title),
  results.map((result) => columns.map(([, figureOf]) => figureOf(result))),
);
for (const { name, missed, admitted } of results) {
  report.claim(`${name}: exactly what the limit allows, in all three`, missed.length === 0, {
    figure: `${admitted.join(' + ')} admitted`,
    whyMissed: missed.join('; '),
  });
}
report.end();
process.exit();
