/**
 * What becomes of 10,000 failures of every kind over four processes that end of them again and again: each is received
 * once, or its run is named as lost by the next one.
 *
 * node apm-integrity.mjs [--quick]   (build the packages first)
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accountOf } from './apm-integrity/account.mjs';
import { injectAll } from './apm-integrity/inject.mjs';
import { Report } from './lib/report.mjs';

const report = new Report({
  title: 'What becomes of failures',
  subject: 'apm',
  about:
    'Failures of every kind over four processes that end of them again and again: each is received once, or its run is named as lost by the next one.',
});
const failures = report.quick ? 1_000 : 10_000;
const directory = await mkdtemp(join(tmpdir(), 'unite-integrity-'));

try {
  const startedAtMs = performance.now();
  const injected = await injectAll(failures, { directory, processes: 4 });
  const seconds = (performance.now() - startedAtMs) / 1_000;
  const account = await accountOf(injected, directory);

  const rows = account.kinds.map((one) => [
    one.kind,
    one.injected,
    one.received,
    one.twice,
    one.named,
    one.missing,
  ]);
  report.table(
    `${failures} failures in ${injected.length} runs of four processes, ${seconds.toFixed(0)} s`,
    ['kind', 'injected', 'received', 'twice', 'named in a report', 'neither'],
    rows,
  );
  report.note(
    `${account.lostRuns} runs were named as lost: ${account.told} unsent errors were told of, ` +
      `${account.unreceived} were not received. Other events: ${account.unknown}.`,
  );
  const sum = (key) => account.kinds.reduce((total, one) => total + one[key], 0);
  report.claim(`each of ${failures} failures is received once, or named in a report`, sum('missing') === 0, {
    figure: `${sum('missing')} are neither`,
  });
  report.claim('none is received twice', sum('twice') === 0);
  report.claim(
    'only those are not received whose process was killed, aborted or out of memory',
    account.isOnlyOfKilled,
  );
  report.claim(
    'each run that was killed, aborted or out of memory is named once, and no other',
    account.isEachLostRunNamedOnce,
  );
  report.claim('nothing else is received', account.unknown === 0);
  report.end();
} finally {
  await rm(directory, { recursive: true, force: true });
}
