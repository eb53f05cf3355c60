import { setTimeout } from 'node:timers/promises';
import { createClient } from 'redis';
import { medianOf } from '../lib/rounds.mjs';
import { short } from '../lib/table.mjs';
import { openUnite } from './nodes.mjs';

const times = 51;

/**
 * Invalidates one tag over more and more entries in Redis, and counts what Redis was asked: by a node that has just
 * come up, does not follow the log meanwhile, and holds nothing of it in memory.
 */
export async function tagInvalidation(report, redisUrl, { quick }) {
  const redis = createClient({ url: redisUrl });
  await redis.connect();
  const namespace = 'tag';
  const results = [];
  for (const entries of quick ? [10_000, 100_000] : [10_000, 100_000, 1_000_000]) {
    await fill(redisUrl, namespace, redis, entries);
    const keys = await redis.dbSize();
    const told = await invalidate(redisUrl, namespace, redis);
    results.push({ entries, keys, ...told, loadedAnew: await loadsNow(redisUrl, namespace, entries) });
  }
  await redis.flushAll();
  await redis.close();
  report.table(
    'Invalidating one tag',
    [
      'entries',
      'keys in Redis',
      'µs, median',
      'range',
      'commands sent',
      'commands inside the script',
      'of 100 reads, loaded anew',
    ],
    results.map(({ entries, keys, samples, sent, inside, loadedAnew }) => [
      entries,
      keys,
      short(medianOf(samples)),
      `${short(Math.min(...samples))}–${short(Math.max(...samples))}`,
      sent,
      inside,
      loadedAnew,
    ]),
  );
  report.curve({
    title: 'Invalidating one tag over more and more entries',
    x: 'entries under the tag',
    y: 'µs',
    isLog: true,
    series: [
      {
        name: '@unite/cache',
        role: 'ours',
        points: results.map(({ entries, samples }) => ({
          x: entries,
          median: medianOf(samples),
          least: Math.min(...samples),
          most: Math.max(...samples),
        })),
      },
    ],
  });
  const [first, last] = [results[0], results.at(-1)];
  const ratio = medianOf(last.samples) / medianOf(first.samples);
  report.claim(
    `a tag over ${last.entries} entries: one command sent`,
    results.every(({ sent }) => sent === 1),
  );
  report.claim('no more commands in the script over more entries', last.inside <= first.inside, {
    figure: `${last.inside}, over ${first.entries} entries ${first.inside}`,
  });
  report.claim(
    `it takes no longer over ${last.entries} entries than over ${first.entries} (2× for noise)`,
    ratio < 2,
    {
      figure: `${short(ratio)}×`,
      isOfMachine: true,
    },
  );
  report.claim(
    'what hangs on the tag is loaded anew',
    results.every(({ loadedAnew }) => loadedAnew === 100),
  );
}

function define(cache) {
  return cache.define('rows', {
    key: (index) => [index],
    scope: 'global',
    tags: () => ['everything-of:acme'],
    memoryTtlMs: 3_600_000,
    load: (index) => ({ index }),
  });
}

/** One entry, copied in Redis to what the others would be called; then a hundred that are read as usual. */
async function fill(redisUrl, namespace, redis, entries) {
  await loadsNow(redisUrl, namespace, 1);
  const first = `${namespace}:{rows:0~n}`;
  for (let from = 1; from < entries; from += 20_000) {
    const to = Math.min(entries, from + 20_000) - 1;
    await redis.eval(copyScript, {
      keys: [first],
      arguments: [String(from), String(to), `${namespace}:{rows:`],
    });
  }
  await loadsNow(redisUrl, namespace, entries);
}

const copyScript = `
local bytes = redis.call('GET', KEYS[1])
for index = tonumber(ARGV[1]), tonumber(ARGV[2]) do
  redis.call('SET', ARGV[3] .. string.format('%d', index) .. '~n}', bytes, 'PX', 3600000)
end`;

/** How many of a hundred of them a node that comes up now has to load. */
async function loadsNow(redisUrl, namespace, entries) {
  const { cache, close } = await openUnite(redisUrl, { namespace, timeoutMs: 5_000 });
  const rows = define(cache);
  for (let index = 0; index < 100; index++) await rows.get(Math.floor((index * entries) / 100));
  // The last ones are on their way to Redis.
  await setTimeout(200);
  await close();
  return rows.stats().loads;
}

async function invalidate(redisUrl, namespace, redis) {
  const { cache, close } = await openUnite(redisUrl, { namespace, pollEveryMs: 600_000, timeoutMs: 5_000 });
  await redis.sendCommand(['CONFIG', 'RESETSTAT']);
  await cache.invalidateTags(['everything-of:acme']);
  const counts = await commandCounts(redis);
  const samples = [];
  for (let time = 0; time < times; time++) {
    const start = performance.now();
    await cache.invalidateTags(['everything-of:acme']);
    samples.push((performance.now() - start) * 1_000);
  }
  await close();
  const { evalsha: sent = 0, ...inside } = counts;
  return { samples, sent, inside: Object.values(inside).reduce((sum, count) => sum + count, 0) };
}

/** Calls by command, since the counts were set back; what a script calls counts too. */
async function commandCounts(redis) {
  const text = await redis.info('commandstats');
  const found = [...text.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)].map(([, name, calls]) => [
    name,
    Number(calls),
  ]);
  return Object.fromEntries(found.filter(([name]) => !/^(config|info|client|hello)/.test(name)));
}
