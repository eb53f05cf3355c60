import { setTimeout as sleep } from 'node:timers/promises';
import { judgeOldReads } from './judge-old-reads';
import { playAll } from './play-all';
import { createSourceOfTruth } from './source-of-truth';
import type { CacheUnderTest, EntryOptions, Hazard, HazardSettings, RedisControl } from './types';
import { type OldReads, watchOldReads } from './watch-old-reads';
import { withNodes } from './with-nodes';

interface Watched {
  readonly newNode: OldReads | string;
  readonly oldNodes: OldReads | string;
  /** Keys that were lost. */
  readonly lost: number;
}

const key = 'row';
const entry: EntryOptions = { ttlMs: 600_000, tags: ['rows'] };
/** Time for messages to arrive. */
const deliveryMs = 250;

/** Redis may evict any key. What says that a tag was invalidated is one, and so is what it was before. */
export const lostTagMarker: Hazard = {
  name: 'lost-tag-marker',
  summary: 'Old values do not come back when Redis loses what was noted about a tag',
  async run(cache, redis, settings) {
    const watched = play(cache, redis, settings);
    const outcomes = await playAll({
      'a node that starts then': async () => (await watched).newNode,
      'nodes that were there': async () => (await watched).oldNodes,
    });
    const result = judgeOldReads(outcomes, settings);
    const lost = await watched.then(
      (all) => all.lost,
      () => 0,
    );
    return { ...result, figures: { ...result.figures, lostKeys: lost } };
  },
};

async function play(cache: CacheUnderTest, redis: RedisControl, settings: HazardSettings): Promise<Watched> {
  await redis.flushAll();
  return withNodes(cache, redis, settings, async ({ open }) => {
    const [a, b] = [await open(), await open()];
    if (!a.invalidateTag) return { newNode: 'no tags', oldNodes: 'no tags', lost: 0 };
    const source = createSourceOfTruth();
    await a.get(key, source.load, entry);
    await sleep(deliveryMs);
    await b.get(key, source.load, entry);
    source.change();
    await a.invalidateTag('rows');
    await sleep(deliveryMs);

    const lost: string[] = [];
    for (const name of await redis.keys()) {
      if (!(await redis.textOf(name))?.includes(source.oldValue)) lost.push(name);
    }
    await redis.delete(lost);
    const c = await open();
    const forMs = Math.min(settings.watchMs, settings.maxStalenessMs + 1_000);
    // The new node alone at first: what the others load would be news to it.
    const newNode = await watchOldReads({ c: () => c.get(key, source.load, entry) }, source.oldValue, {
      forMs,
    });
    const readers = { a: () => a.get(key, source.load, entry), b: () => b.get(key, source.load, entry) };
    return { newNode, oldNodes: await watchOldReads(readers, source.oldValue, { forMs }), lost: lost.length };
  });
}
