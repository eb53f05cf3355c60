/**
 * What two real applications asked for, replayed through the cache: how much memory answers, how many reads of Redis it
 * spares, how many loads Redis spares. The traces lie in UNITE_CONFORMANCE_DIR, or in ../shared/conformance beside the
 * checkout.
 *
 * node cache-traces.mjs [--quick]   (build the packages first)
 */
import { startRedisControl } from '../packages/cache/dist/testing.js';
import { replayInMemory, replayThroughRedis } from './cache/replay.mjs';
import { readTrace, whereTracesAre } from './cache/trace.mjs';
import { Report } from './lib/report.mjs';

const traces = { 'orm-busy': readTrace('orm-busy'), web12: readTrace('web12') };
if (!traces['orm-busy'] || !traces.web12) {
  console.log(`skipped: there are no traces in ${whereTracesAre}; UNITE_CONFORMANCE_DIR says where they are`);
  process.exit();
}

const percent = (share) => `${(share * 100).toFixed(1)} %`;
const accessesOf = (trace) => `${trace.length} accesses`;
const report = new Report({
  title: 'Traces of real applications',
  subject: 'cache',
  about:
    'What two applications asked for, replayed through the cache: how much memory answers, how many reads of Redis it spares, and how many loads Redis spares.',
});
const { quick } = report;

/** Hit ratios of plain simulations, from the readme beside the traces. */
const cases = [
  { name: 'orm-busy', maxEntries: 5_000, lru: 0.855, best: 'S3-FIFO 86.6 %' },
  // The whole of it takes a minute of work, so once is enough.
  { name: 'orm-busy', maxEntries: 1_250, accesses: 2_000_000, lru: 0.796, best: '' },
  { name: 'web12', maxEntries: 1_200, lru: 0.669, best: 'S3-FIFO 70.5 %' },
];
const rows = [];
for (const { name, maxEntries, accesses, lru, best } of quick ? cases.slice(0, 1) : cases) {
  const trace = traces[name].subarray(0, quick ? 500_000 : accesses);
  const { hitRatio } = await replayInMemory(trace, maxEntries);
  rows.push([`${name}, ${accessesOf(trace)}`, maxEntries, percent(hitRatio), percent(lru), best]);
  if (name === 'orm-busy' && maxEntries === 5_000) {
    report.claim(`${name}: memory of 5,000 entries answers 85 %`, hitRatio > 0.85, {
      figure: percent(hitRatio),
    });
  }
}
const head = ['trace', 'entries', 'hits', 'LRU in simulation of all', 'best in simulation'];
report.table('Memory alone', head, rows);

const redis = await startRedisControl();
const shared = [];
for (const [name, maxEntries] of [
  ['orm-busy', 5_000],
  ['web12', 1_200],
]) {
  // In a short prefix most reads are the first of their key, which says nothing.
  if (quick) continue;
  const trace = traces[name].subarray(0, 1_000_000);
  for (const nodes of [1, 4]) {
    await redis.flushAll();
    const result = await replayThroughRedis(redis.url, trace, { maxEntries, nodes, atATime: 16 });
    const { reads, remoteHits, loads, distinct, failures } = result;
    // Reads that join one that is under way ask nobody either.
    const asked = remoteHits + loads;
    const [byMemory, byRedis] = [1 - asked / reads, 1 - loads / asked];
    const what = `${name}, ${accessesOf(trace)} over ${nodes} cold ${nodes === 1 ? 'node' : 'nodes'}`;
    shared.push([what, percent(byMemory), asked, loads, percent(byRedis), distinct, failures]);
    // In web12, too.
    if (nodes !== 4 || name !== 'orm-busy') continue;
    report.claim(`${what}: memory spares 70 % of the reads of Redis`, byMemory >= 0.7, {
      figure: percent(byMemory),
    });
    report.claim(`${what}: Redis spares 80 % of the loads`, byRedis >= 0.8, { figure: percent(byRedis) });
  }
}
await redis.close();
const sharedHead = [
  'trace',
  'spared by memory',
  'reads of Redis, or loads without it',
  'loads',
  'spared by Redis',
  'distinct keys',
  'failures of Redis',
];
if (shared.length > 0) report.table('Memory and Redis', sharedHead, shared);
report.end();
