/**
 * The ledger of staleness: four processes read and write at random over one Redis while it is cut off, frozen, killed
 * and robbed of its log, and every read is held against what had been written when it began.
 *
 * node cache-staleness.mjs [--quick | --short] [--json] [--deaf] [phase …]   (build the packages first)
 *
 * In full about three minutes, `--quick` under one, `--short` half of one. Fails when a bar is missed. `--deaf` gives
 * the cache a bound of minutes, and shows that the ledger can fail.
 */
import { runLedger } from './cache-staleness/run-ledger.mjs';

const args = process.argv.slice(2);
const form = ['quick', 'short'].find((name) => args.includes(`--${name}`)) ?? 'full';
const names = args.filter((arg) => !arg.startsWith('--'));
const asJson = args.includes('--json');
const startMs = performance.now();

const columns = [
  ['phase', 32, ({ name }) => name],
  ['reads', 8, ({ reads }) => reads],
  ['writes', 7, ({ writes }) => writes],
  ['loads', 7, ({ loads }) => loads],
  ['old', 7, ({ old }) => old],
  ['max ms', 8, ({ maxMs }) => Math.round(maxMs)],
  ['p99 of old', 11, ({ p99Ms }) => Math.round(p99Ms)],
  ['of all', 7, ({ p99OfAllMs }) => Math.round(p99OfAllMs)],
  ['in log', 8, ({ acknowledgedMaxMs }) => Math.round(acknowledgedMaxMs)],
  ['by write', 9, ({ writtenMaxMs }) => Math.round(writtenMaxMs)],
  ['failed', 7, ({ failed }) => failed],
  ['> 1 s', 6, ({ slow }) => slow],
  ['slowest', 8, ({ slowestMs }) => Math.round(slowestMs)],
  ['memory back', 12, ({ memoryBackMs }) => memoryBackMs ?? '-'],
];

if (!asJson) {
  console.log(
    `Node ${process.version}, ${new Date().toISOString().slice(0, 10)}, ${form} form. Staleness in milliseconds,`,
  );
  console.log(
    'of reads by when they began: since the invalidation resolved; since the log had it; since the write.\n',
  );
  console.log(line(([title]) => title));
}
const results = await runLedger(form, {
  only: names.length > 0 ? names : undefined,
  isDeaf: args.includes('--deaf'),
  onPhase: (result) => !asJson && print(result),
});
if (asJson) console.log(JSON.stringify(results));
else console.log(`\n${Math.round((performance.now() - startMs) / 1_000)} s`);
process.exit(results.some(({ missed }) => missed.length > 0) ? 1 : 0);

function print(result) {
  console.log(line(([, , figure]) => figure(result)));
  for (const bar of result.missed) console.log(`  MISSED: ${bar}`);
  for (const failure of result.failures) console.log(`  ${failure}`);
  if (result.missed.length > 0) console.log(`  worst: ${JSON.stringify(result.worst)}`);
}

function line(textOf) {
  return columns
    .map((column, index) => {
      const text = String(textOf(column));
      return index === 0 ? text.padEnd(column[1]) : text.padStart(column[1]);
    })
    .join('');
}
