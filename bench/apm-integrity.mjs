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
import { judge, table } from './lib/table.mjs';

const quick = process.argv.includes('--quick');
const failures = quick ? 1_000 : 10_000;
const directory = await mkdtemp(join(tmpdir(), 'unite-integrity-'));

try {
  const startedAtMs = performance.now();
  const injected = await injectAll(failures, { directory, processes: 4 });
  const seconds = (performance.now() - startedAtMs) / 1_000;
  const account = await accountOf(injected, directory);

  console.log(`${failures} failures in ${injected.length} runs of four processes, ${seconds.toFixed(0)} s\n`);
  const rows = account.kinds.map((one) => [
    one.kind,
    one.injected,
    one.received,
    one.twice,
    one.named,
    one.missing,
  ]);
  console.log(`${table(['kind', 'injected', 'received', 'twice', 'named in a report', 'neither'], rows)}\n`);
  console.log(
    `${account.lostRuns} runs were named as lost: ${account.told} unsent errors were told of, ` +
      `${account.unreceived} were not received. Other events: ${account.unknown}.\n`,
  );
  const sum = (key) => account.kinds.reduce((total, one) => total + one[key], 0);
  judge([
    [`each of ${failures} failures is received once, or named in a report`, sum('missing') === 0],
    ['none is received twice', sum('twice') === 0],
    [
      'only those are not received whose process was killed, aborted or out of memory',
      account.isOnlyOfKilled,
    ],
    ['each run that ended without closing is named once, and no other', account.isEachLostRunNamedOnce],
    ['nothing else is received', account.unknown === 0],
  ]);
} finally {
  await rm(directory, { recursive: true, force: true });
}
