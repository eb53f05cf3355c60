/**
 * The ledger of staleness: four processes read and write at random over one Redis while it is cut off, frozen, killed
 * and robbed of its log, and every read is held against what had been written when it began.
 *
 * node cache-staleness.mjs [--quick | --short] [--json] [--deaf] [phase …]   (build the packages first)
 *
 * In full about three minutes, `--quick` under one, `--short` half of one. Fails when a bar is missed. With
 * `--deaf` no process hears of what others write, which shows that the ledger can fail.
 */
import { runLedger } from './cache-staleness/run-ledger.mjs';
import { exactly } from './lib/exactly.mjs';
import { Report } from './lib/report.mjs';

const args = process.argv.slice(2);
const form = ['quick', 'short'].find((name) => args.includes(`--${name}`)) ?? 'full';
const names = args.filter((arg) => !arg.startsWith('--'));
const asJson = args.includes('--json');

const columns = [
  ['phase', ({ name }) => name],
  ['reads', ({ reads }) => reads],
  ['writes', ({ writes }) => writes],
  ['loads', ({ loads }) => loads],
  ['old', ({ old }) => old],
  ['oldest, ms', ({ maxMs }) => Math.round(maxMs)],
  ['p99 of old', ({ p99Ms }) => Math.round(p99Ms)],
  ['p99 of all', ({ p99OfAllMs }) => Math.round(p99OfAllMs)],
  ['since in the log', ({ acknowledgedMaxMs }) => Math.round(acknowledgedMaxMs)],
  ['since the write', ({ writtenMaxMs }) => Math.round(writtenMaxMs)],
  ['failed', ({ failed }) => failed],
  ['over 1 s', ({ slow }) => slow],
  ['slowest, ms', ({ slowestMs }) => Math.round(slowestMs)],
  ['memory back, ms', ({ memoryBackMs }) => memoryBackMs ?? '-'],
];

const results = await runLedger(form, {
  only: names.length > 0 ? names : undefined,
  isDeaf: args.includes('--deaf'),
  onPhase: ({ name, missed, failures, worst }) => {
    if (asJson) return;
    console.error(`${name}: ${missed.length === 0 ? 'holds' : `missed ${missed.join(', ')}`}`);
    for (const failure of failures) console.error(`  ${failure}`);
    if (missed.length > 0) console.error(`  worst: ${JSON.stringify(worst)}`);
  },
});
if (asJson) {
  console.log(JSON.stringify(results));
  process.exit(results.some(({ missed }) => missed.length > 0) ? 1 : 0);
}

const report = new Report({
  title: 'The ledger of staleness',
  subject: 'cache',
  about:
    'Four processes read and write at random over one Redis while it is cut off, frozen, killed and robbed of its log. Every read is held against what had been written when it began: how long before had the value that it got been replaced?',
});
report.table(
  'Staleness of reads, in milliseconds since the invalidation resolved',
  columns.map(([title]) => title),
  results.map((result) => columns.map(([, figureOf]) => figureOf(result))),
);
report.bars({
  title: 'The oldest value that was served, beside the bound of 5 s',
  unit: 'ms',
  bars: [
    exactly('the bound', 'limit', 5_000),
    ...results.map(({ name, maxMs }) => exactly(name, 'ours', maxMs)),
  ],
});
for (const { name, missed, maxMs } of results) {
  report.claim(
    `${name}: nothing beyond the bound, no read fails or hangs, memory comes back`,
    missed.length === 0,
    {
      figure: `oldest ${Math.round(maxMs)} ms`,
      whyMissed: missed.join('; '),
    },
  );
}
report.end();
process.exit();
