/**
 * A rotation while the table is in use: two processes read by id and by index and write all the time, every tenant
 * gets a new key, and the sweep that brings the rows to it is killed by SIGKILL again and again and resumes. Then the
 * previous keys are destroyed, and everything must be there still.
 *
 * node crypto-rotation.mjs [--quick] [--hasty]   (build the packages first)
 *
 * `--hasty` makes new keys active at once, before other processes can know of them: searches then miss rows for as long
 * as a process remembers keys, which shows that this can fail.
 */
import { setTimeout } from 'node:timers/promises';
import { startFleet } from './crypto-rotation/fleet.mjs';
import { startSetUp } from './crypto-rotation/set-up.mjs';
import { sweepKilling } from './crypto-rotation/sweep-killing.mjs';
import { Report } from './lib/report.mjs';
import { short } from './lib/table.mjs';

const report = new Report({
  title: 'A rotation of keys under load',
  subject: 'crypto',
  about:
    'Two processes read by id and by index and write all the time while every tenant gets a new key. The sweep that brings the rows to it is killed by SIGKILL again and again and resumes; then the previous keys are destroyed.',
});
const hasty = process.argv.includes('--hasty');
const form = report.quick
  ? { tenants: 50, rowsPerTenant: 100, batchRows: 50, kills: 2 }
  : { tenants: 50, rowsPerTenant: 2_000, batchRows: 500, kills: 5 };
const rows = form.tenants * form.rowsPerTenant;
/** How long processes remember keys. */
const ttlMs = hasty ? 60_000 : 2_000;
/** Some reads, searches and writes take place. */
const someMs = 2_000;

const setUp = await startSetUp({ ...form, ttlMs });
const fleet = await startFleet({ ...setUp.shared, ...form });
try {
  await setTimeout(someMs);
  const previous = await setUp.rotate(hasty ? 0 : ttlMs + 500);
  if (!hasty) await setTimeout(ttlMs + 600);

  const sweep = await sweepKilling(setUp.shared, { rows, kills: form.kills, batchRows: form.batchRows });
  // What a process wrote under a key that it remembered is found by a run that begins after its time.
  if (!hasty) await setTimeout(ttlMs);
  const last = await sweepKilling(setUp.shared, { rows, kills: 0, batchRows: form.batchRows });
  const stale = await setUp.countStale();
  const retired = await setUp.retire(previous);
  // Now nothing can be read that is under a previous key, nor found by its index.
  await setTimeout(someMs * 2);
  const done = await fleet.end();
  const final = await setUp.check(done.expected);

  report.table(
    `${rows} rows of ${form.tenants} tenants`,
    ['', 'count'],
    [
      ['rows swept a second, killed runs included', short(rows / (sweep.durationMs / 1_000))],
      ['sweep, seconds', short(sweep.durationMs / 1_000)],
      ['rows that the sweep wrote', sweep.report.rewritten],
      ['rows that somebody else was writing', sweep.report.skipped],
      ['kills by SIGKILL', sweep.kills],
      ['runs that went on where one was killed', sweep.resumed],
      ['reads by id', done.reads],
      ['searches by index', done.searches],
      ['writes', done.writes],
      ['reads that failed', done.failures.length],
      ['searches that did not find', done.missed],
      ['writes that were lost or written over', done.lost + final.lost],
      ['rows under a previous key at the end', stale],
      ['previous keys destroyed', retired],
      ['rows that cannot be read afterwards', final.unreadable],
      ['rows that are not found afterwards', final.missed],
    ],
  );
  for (const failure of done.failures.slice(0, 3)) report.note(failure);
  const claims = [
    ['no read fails, before, while and after', done.failures.length === 0 && done.reads > 0],
    ['every search finds its row, before, while and after', done.missed === 0 && done.searches > 0],
    ['no write is lost or written over', done.lost + final.lost === 0 && done.writes > 0],
    [`the sweep was killed ${form.kills} times, and each next run went on`, sweep.resumed === form.kills],
    ['both sweeps are complete', sweep.report.complete && last.report.complete],
    ['no row is under a previous key', stale === 0],
    ['every previous key could be destroyed', retired === form.tenants],
    ['every row is read and found without them', final.unreadable + final.missed === 0],
  ];
  for (const [text, holds] of claims) report.claim(text, holds);
  report.end();
} finally {
  await fleet.end();
  await setUp.close();
}
