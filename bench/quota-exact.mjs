/**
 * The ledger of admissions: eight processes with up to 200 requests in flight each make 5,000 attempts at a limit of
 * 1,000, while Redis is killed and comes back with nothing, with an old snapshot or with its log, commits are slow, a
 * worker is stopped, and the period ends. Admissions, the ledger and the counters must agree to the unit.
 *
 * node quota-exact.mjs [--quick | --short] [--json] [--careless] [phase …]   (build the packages first)
 *
 * `--careless` leaves the ledger out of the decision (`durability: 'store'`), which shows that this can fail.
 */
import { runPhases } from './quota-exact/run-phases.mjs';

const args = process.argv.slice(2);
const form = ['quick', 'short'].find((name) => args.includes(`--${name}`)) ?? 'full';
const asJson = args.includes('--json');
const names = args.filter((arg) => !arg.startsWith('--'));

const columns = [
  ['phase', 34, ({ name }) => name],
  ['attempts', 9, ({ attempts }) => attempts],
  ['admitted', 16, ({ admitted }) => admitted.join(' + ')],
  ['ledger', 16, ({ ledger }) => ledger.join(' + ')],
  ['counter', 9, ({ counter }) => counter],
  ['503s', 7, ({ unavailable }) => unavailable],
  ['rehydrated', 11, ({ rehydrations }) => rehydrations],
  ['seconds', 8, ({ seconds }) => seconds.toFixed(1)],
];

if (!asJson) console.log(`Node ${process.version}, ${form} form\n\n${line(([title]) => title)}`);
const results = await runPhases(form, {
  only: names.length > 0 ? names : undefined,
  durability: args.includes('--careless') ? 'store' : 'ledger',
  onPhase: (result) => !asJson && print(result),
});
if (asJson) console.log(JSON.stringify(results));
process.exit(results.some(({ missed }) => missed.length > 0) ? 1 : 0);

function print(result) {
  console.log(line(([, , figure]) => figure(result)));
  for (const bar of result.missed) console.log(`  MISSED: ${bar}`);
}

function line(textOf) {
  return columns
    .map((column, index) =>
      index === 0 ? String(textOf(column)).padEnd(column[1]) : String(textOf(column)).padStart(column[1]),
    )
    .join(' ');
}
