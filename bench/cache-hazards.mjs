/**
 * The hazards of a cache in two layers, run against the peers: an invalidation during a load, a lost message, a
 * lost marker, a frozen Redis, values that JSON does not know, bookkeeping that grows, a bound on memory.
 *
 * node cache-hazards.mjs [--quick] [--only=hazard,…] [cache …]   (build the packages first)
 *
 * In full about two minutes for each cache, one after the other. `--quick` runs them beside each other, each on
 * a Redis of its own, watches for a shorter time and leaves out what only time or memory shows.
 */
import { runHazards, startRedisControl } from '../packages/cache/dist/testing.js';
import bentocacheBest, { bentocache } from './cache-hazards/bentocache.mjs';
import cacheManager from './cache-hazards/cache-manager.mjs';
import cacheableBest, { cacheable } from './cache-hazards/cacheable.mjs';
import { clientSideCacheLeak } from './cache-hazards/client-side-cache-leak.mjs';
import unite from './cache-hazards/unite.mjs';
import { Report } from './lib/report.mjs';

const args = process.argv.slice(2);
const quick = args.includes('--quick');
const asked = args.find((arg) => arg.startsWith('--only='))?.slice('--only='.length);
const names = args.filter((arg) => !arg.startsWith('--'));

const settings = quick ? { maxStalenessMs: 2_000, watchMs: 3_000, freezeMs: 4_000 } : {};
const only =
  asked?.split(',') ??
  (quick
    ? ['invalidate-during-load', 'dropped-subscriber', 'lost-tag-marker', 'frozen-redis', 'kept-values']
    : undefined);

const contestants = [
  { cache: unite, only },
  { cache: bentocacheBest, only },
  { cache: cacheableBest, only },
  { cache: cacheManager, only },
  // What the documentation shows and no more, in the one hazard where that matters.
  ...(quick || asked
    ? []
    : [
        bentocache({ name: 'bentocache without commandTimeout' }),
        cacheable({ name: 'cacheable, nonBlocking without tags', nonBlocking: true, withTags: false }),
      ].map((cache) => ({ cache, only: ['frozen-redis'] }))),
].filter(({ cache }) => names.length === 0 || names.includes(cache.name));

/** Rejections that nobody handles would end the process of whoever has no such listener. */
const unhandled = new Map();
let running = '';
process.on('unhandledRejection', (error) => {
  const what = `${quick ? 'one of the caches' : running}: ${error}`;
  unhandled.set(what, (unhandled.get(what) ?? 0) + 1);
});

function measure({ cache, only }) {
  running = cache.name;
  const onProgress = (message) => console.error(message);
  return runHazards(cache, { only, ...settings, onProgress });
}

const results = [];
if (quick) results.push(...(await Promise.all(contestants.map(measure))));
else for (const contestant of contestants) results.push(await measure(contestant));

const report = new Report({
  title: 'Hazards',
  subject: 'cache',
  about:
    'What breaks a cache in two layers: an invalidation during a load, a lost message, a lost marker, a frozen Redis, values that JSON does not know, bookkeeping that grows, a bound on memory. Each cache is set up for production, and with what its client has against a server that hangs.',
});
const hazards = new Map(results.flatMap((one) => one.results.map(({ name, summary }) => [name, summary])));
report.table(
  'What each cache showed',
  ['hazard', ...results.map(({ cache, version }) => [cache, version].filter(Boolean).join(' '))],
  [...hazards].map(([name, summary]) => [
    `${name}: ${summary}`,
    ...results.map((one) => seenBy(one.results.find((result) => result.name === name))),
  ]),
);

const redis = await startRedisControl();
const leak = await clientSideCacheLeak(redis.url);
await redis.close();
report.note(
  `redis ${leak.version}, clientSideCache with maxEntries ${leak.maxEntries}: after ${leak.reads} reads it holds ${leak.entries} entries and the names of ${leak.notedKeys} keys.`,
);
for (const [what, count] of unhandled) report.note(`Rejection that nothing handles, ${count} times: ${what}`);
if (args.includes('--figures')) {
  const figures = results.flatMap(({ cache, results }) =>
    results.map(({ name, figures }) => ({ cache, name, figures })),
  );
  console.log(JSON.stringify(figures, null, 2));
}

// What this suite is for: that ours holds.
for (const { name, holds, seen } of results.find(({ cache }) => cache === unite.name)?.results ?? []) {
  if (holds !== undefined) report.claim(`${name}: ${hazards.get(name)}`, holds, { figure: seen });
}
report.end();
// Some peers leave timers behind that would keep the process.
process.exit();

function seenBy(result) {
  if (!result) return 'not run';
  const { holds, seen } = result;
  return holds === undefined ? seen : `**${holds ? 'holds' : 'fails'}**: ${seen}`;
}
