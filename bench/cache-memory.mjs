/**
 * What a bound of 64 MiB comes to: values that are hard to estimate, each kind in a process of its own.
 *
 * node cache-memory.mjs [--quick] [--only=case]   (build the packages first)
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startRedisControl } from '../packages/cache/dist/testing.js';
import { memoryCases, quickCases } from './cache/memory-cases.mjs';
import { exactly } from './lib/exactly.mjs';
import { Report } from './lib/report.mjs';

const report = new Report({
  title: 'Memory under a bound',
  subject: 'cache',
  about:
    'What a bound of 64 MiB (67 MB) comes to with values that are hard to estimate, each kind in a process of its own.',
});
const maxResident = 500e6;
const whyMissed = {
  slices: 'a slice keeps the whole text alive, which nothing in JavaScript can see: a loader has to copy it',
  others:
    'what twenty loads at a time make, and turn into bytes for Redis, counts in the peak until it is collected',
};
const only = process.argv.find((arg) => arg.startsWith('--only='))?.slice('--only='.length);
const names = report.quick ? quickCases : Object.keys(memoryCases);
const program = fileURLToPath(new URL('cache/memory-case.mjs', import.meta.url));

const redis = await startRedisControl();
// The measure is the process; Redis may forget values, and keeps its log, which lives longest.
await redis.command('CONFIG', 'SET', 'maxmemory', '256mb', 'maxmemory-policy', 'volatile-ttl');
const results = [];
for (const name of names.filter((each) => !only || each.includes(only))) {
  await redis.flushAll();
  const child = fork(program, [redis.url, name], { execArgv: ['--expose-gc'] });
  const exited = once(child, 'exit');
  const [figures] = await Promise.race([once(child, 'message'), exited.then(() => [undefined])]);
  await exited;
  results.push({
    name,
    ...figures,
    off: figures ? figures.held / figures.estimated : Number.POSITIVE_INFINITY,
  });
}
await redis.close();

const mb = (bytes) => (bytes / 1e6).toFixed(0);
report.table(
  '`maxBytes: 64 MiB`',
  [
    'Values',
    'entries held',
    'too large',
    'estimated, MB',
    'held, MB',
    'held to estimated',
    'heap peak, MB',
    'resident peak, MB',
  ],
  results.map(({ name, entries, tooLarge, estimated, held, off, peak, resident }) => [
    name,
    entries,
    tooLarge,
    mb(estimated),
    mb(held),
    off > 2 ? `**${off.toFixed(2)}**` : off.toFixed(2),
    mb(peak),
    mb(resident),
  ]),
);
report.bars({
  title: 'Resident memory at its peak, bound of 67 MB',
  unit: 'MB',
  bars: results
    .filter(({ resident }) => resident)
    .map(({ name, resident }) => exactly(name, 'ours', resident / 1e6)),
});
const wrong = results.filter(({ off, held }) => (off > 2 || off < 0.5) && held > 5e6);
for (const { name, resident } of results) {
  report.claim(`${name}: less than 500 MB resident`, resident < maxResident, {
    figure: `${mb(resident)} MB`,
    isOfMachine: true,
    whyMissed: name.startsWith('slices') ? whyMissed.slices : whyMissed.others,
  });
}
report.claim('estimates are within a factor of two', wrong.length === 0, {
  whyMissed: `not of ${wrong.map(({ name }) => name).join('; ')}`,
});
report.end();
