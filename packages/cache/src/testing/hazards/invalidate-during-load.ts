import { judgeOldReads } from './judge-old-reads';
import { type LoadStage, loadScenarios, racedEntry, racedKey } from './load-scenarios';
import { playAll } from './play-all';
import type { Hazard, HazardSettings } from './types';
import { watchOldReads } from './watch-old-reads';
import { withNodes } from './with-nodes';

/** A value that was read before an invalidation must not be cached after it: seven races. */
export const invalidateDuringLoad: Hazard = {
  name: 'invalidate-during-load',
  summary: 'What was loaded before an invalidation is not served after it',
  async run(cache, redis, settings) {
    await redis.flushAll();
    const plays = Object.entries(loadScenarios).map(([name, play]) => [
      name,
      () =>
        withNodes(cache, redis, settings, (scene) =>
          play({ ...scene, redisUrl: redis.url, watch: watchIn(settings) }),
        ),
    ]);
    return judgeOldReads(await playAll(Object.fromEntries(plays)), settings);
  },
};

function watchIn({ maxStalenessMs, watchMs }: HazardSettings): LoadStage['watch'] {
  // A value that outlives the bound by a second was written back: it stays until it expires.
  const forMs = Math.min(watchMs, maxStalenessMs + 1_000);
  return (nodes, source, entry = racedEntry) => {
    const readers = Object.entries(nodes).map(([name, node]) => [
      name,
      () => node.get(racedKey, source.load, entry),
    ]);
    return watchOldReads(Object.fromEntries(readers), source.oldValue, { forMs });
  };
}
