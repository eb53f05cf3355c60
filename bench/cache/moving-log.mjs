import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { interleaved, loopOf, ratioOf } from '../lib/rounds.mjs';
import { showSamples } from '../lib/show-samples.mjs';
import { short } from '../lib/table.mjs';
import { definitionFor, params } from './memory-hits.mjs';
import { openUnite } from './nodes.mjs';

/** Hits between two looks at timers and sockets: with none, the log would not be read at all. */
const perTurn = 500;

/**
 * A hit in memory while another process invalidates 1,000 tags a second, which nothing here hangs on, or which other
 * entries here hang on, so that every entry has to look at its tags again. With the work that following the log is.
 */
export async function movingLog(report, redisUrl, { rounds, roundMs }) {
  const unite = await openUnite(redisUrl, { namespace: 'moving' });
  const contacts = definitionFor(unite.cache, 5);
  const others = unite.cache.define('others', {
    key: (index) => [index],
    scope: 'global',
    tags: (index) => [`other:${index}`],
    memoryTtlMs: 600_000,
    load: () => null,
  });
  for (const each of params) await contacts.get(each);
  for (let index = 0; index < 1_000; index++) await others.get(index);
  const child = fork(fileURLToPath(new URL('invalidator.mjs', import.meta.url)), [redisUrl, 'moving']);
  await once(child, 'message');
  let sent = 0;
  child.on('message', (count) => {
    sent = count;
  });
  const read = loopOf((each) => contacts.get(each), params);
  const hits = (kind) => async (calls) => {
    child.send(kind);
    for (let left = calls; left > 0; left -= perTurn) {
      await read(Math.min(left, perTurn));
      await setImmediate();
    }
  };
  const still = 'the log stands still';
  const names = {
    [still]: 'none',
    'other tags, 1,000/s': 'unknown',
    'tags of other entries, 1,000/s': 'held',
  };
  const contestants = Object.fromEntries(Object.entries(names).map(([name, kind]) => [name, hits(kind)]));
  const before = { ...unite.cache.stats(), sent };
  const start = performance.now();
  const samples = await interleaved(contestants, { rounds, roundMs: roundMs * 5 });
  const seconds = (performance.now() - start) / 1_000;
  const missed = unite.cache.stats().definitions.contacts.loads - before.definitions.contacts.loads;
  child.disconnect();
  await once(child, 'exit');
  await unite.close();
  const title = 'Memory hit, 5 tags, while another process invalidates';
  showSamples(report, title, samples, { base: still, ours: Object.keys(samples) });
  report.note(
    `${sent - before.sent} invalidations in ${short(seconds)} s, ${missed} of the hits were misses.`,
  );
  const ratio = ratioOf(samples, 'other tags, 1,000/s', still).median;
  report.claim('memory answers while other tags are invalidated 1,000 times a second', missed === 0, {
    figure: `${short(ratio)}× the time of hits while nobody does`,
  });
}
