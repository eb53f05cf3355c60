import { setTimeout as sleep } from 'node:timers/promises';
import type { CacheNode, Hazard, HazardResult, HazardSettings, KeyCount } from './types';
import { withNodes } from './with-nodes';

const rounds = 3;
const ttlMs = 500;
const atATime = 50;
/** A log of invalidations may keep something of each; there are few, so that what grows with keys shows. */
const keysPerInvalidation = 200;

/** What a cache notes about tags must go when the entries have gone, or Redis fills up for ever. */
export const tagGrowth: Hazard = {
  name: 'tag-growth',
  summary: 'What is noted in Redis about tags goes when the entries have expired',
  run: (cache, redis, settings) =>
    withNodes(cache, redis, settings, async ({ open }) => {
      await redis.flushAll();
      const node = await open();
      if (!node.invalidateTag) return { seen: 'not applicable: no tags', figures: {} };
      const left: KeyCount[] = [];
      for (let round = 0; round < rounds; round++) {
        await fill(node, round, settings.keysPerRound);
        await sleep(ttlMs + settings.tidyMs);
        left.push(await redis.count());
      }
      return judge(left, settings);
    }),
};

function judge(left: readonly KeyCount[], { keysPerRound }: HazardSettings): HazardResult {
  const [first, last] = [left[0], left.at(-1)];
  if (!first || !last) return { seen: 'nothing measured', figures: {} };
  const perRound = (of: (count: KeyCount) => number) => (of(last) - of(first)) / (rounds - 1);
  const grownBy = perRound(({ keys, members }) => keys + members);
  const forEver = perRound(({ keysForEver }) => keysForEver);
  // Twice a key and a member for each invalidation: a log that expires later than the entries.
  const allowed = (4 * keysPerRound) / keysPerInvalidation;
  return {
    // A log that is cut to a length is one key; one for each tag is a leak, however slow.
    holds: grownBy <= allowed && forEver < 1,
    seen:
      `${last.keys} keys (${last.keysForEver} for ever) and ${last.members} members left after ` +
      `${rounds} × ${keysPerRound} entries expired and ${(rounds * keysPerRound) / keysPerInvalidation} tags were invalidated`,
    figures: { ...last, grownByPerRound: grownBy, forEverPerRound: forEver, allowedPerRound: allowed },
  };
}

/** New keys under one common tag and, each ten, one of their own; and some invalidations. */
async function fill(node: CacheNode, round: number, count: number): Promise<void> {
  const keys = Array.from({ length: count }, (_, index) => index);
  await Promise.all(
    Array.from({ length: atATime }, async () => {
      for (let index = keys.pop(); index !== undefined; index = keys.pop()) {
        const tags = ['every', `ten-${round}-${Math.floor(index / 10)}`];
        await node.get(`key-${round}-${index}`, async () => index, { ttlMs, tags });
      }
    }),
  );
  for (let index = 0; index < count; index += keysPerInvalidation) {
    await node.invalidateTag?.(`ten-${round}-${Math.floor(index / 10)}`);
  }
}
