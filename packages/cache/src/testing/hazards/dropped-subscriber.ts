import { setTimeout as sleep } from 'node:timers/promises';
import { type FaultProxy, startFaultProxy } from '@unite/services';
import { judgeOldReads, type Outcome } from './judge-old-reads';
import { playAll } from './play-all';
import { createSourceOfTruth } from './source-of-truth';
import type { CacheUnderTest, EntryOptions, Hazard, HazardSettings, RedisControl } from './types';
import { type OldReads, watchOldReads } from './watch-old-reads';
import { withNodes } from './with-nodes';

/** Makes a node lose what is sent to it next; a text says why this cache cannot lose it so. */
type Cut = (redis: RedisControl, wayOfNode: FaultProxy) => Promise<string | undefined>;

/** What the cut-off node served of two rows: one deleted by its key, one by its tag. */
interface Watched {
  readonly byKey: OldReads | string;
  readonly byTag: OldReads | string;
}

const cuts: Readonly<Record<string, Cut>> = {
  'subscribers cut': async (redis, wayOfNode) => {
    // Else the fastest clients are back before the message is sent.
    await wayOfNode.set('refuse');
    return (await redis.killClients('pubsub')) === 0 ? 'subscribes to nothing' : undefined;
  },
  'all its connections cut': async (_, wayOfNode) => {
    await wayOfNode.set('refuse');
    wayOfNode.resetAll();
    return undefined;
  },
  'its sockets half open': async (_, wayOfNode) => {
    await wayOfNode.set('blackhole');
    return undefined;
  },
};

/** Whoever was cut may come back so soon after the message; a half-open socket stays as it is. */
const outageMs = 300;
const entryOf = (tag: string): EntryOptions => ({ ttlMs: 600_000, tags: [tag] });
/** Time for a node to connect and for messages to arrive. */
const deliveryMs = 250;

/** Other nodes must hear of an invalidation, or stop to serve, although the message was lost. */
export const droppedSubscriber: Hazard = {
  name: 'dropped-subscriber',
  summary: 'A node that lost an invalidation message serves nothing older than the bound',
  async run(cache, redis, settings) {
    const outcomes: Record<string, Outcome> = {};
    // One after the other: the first kind of cut is the whole server's.
    for (const [name, cut] of Object.entries(cuts)) {
      const watched = play(cache, redis, settings, cut);
      const played = await playAll({
        [`${name}, delete`]: async () => (await watched).byKey,
        [`${name}, tag delete`]: async () => (await watched).byTag,
      });
      Object.assign(outcomes, played);
    }
    return judgeOldReads(outcomes, settings);
  },
};

async function play(
  cache: CacheUnderTest,
  redis: RedisControl,
  settings: HazardSettings,
  cut: Cut,
): Promise<Watched> {
  await redis.flushAll();
  await using way = await startFaultProxy({ target: redis.url });
  // Awaited here: the way must not end before the nodes.
  return await withNodes(cache, redis, settings, async ({ open }) => {
    const [a, b] = [await open(), await open({ redisUrl: way.url() })];
    const [row, tagged] = [createSourceOfTruth(), createSourceOfTruth()];
    const readRow = () => b.get('row', row.load, entryOf('row-tag'));
    const readTagged = () => b.get('tagged', tagged.load, entryOf('tag'));
    await a.get('row', row.load, entryOf('row-tag'));
    await a.get('tagged', tagged.load, entryOf('tag'));
    await sleep(deliveryMs);
    await Promise.all([readRow(), readTagged()]);
    await sleep(deliveryMs);

    row.change();
    tagged.change();
    const cannot = await cut(redis, way);
    if (cannot !== undefined) return { byKey: cannot, byTag: cannot };
    await Promise.all([a.delete('row'), a.invalidateTag?.('tag')]);
    const watch = { forMs: settings.watchMs };
    const [byKey, byTag] = await Promise.all([
      watchOldReads({ peer: readRow }, row.oldValue, watch),
      a.invalidateTag ? watchOldReads({ peer: readTagged }, tagged.oldValue, watch) : 'no tags',
      sleep(outageMs).then(() => (way.mode === 'refuse' ? way.set('pass') : undefined)),
    ]);
    return { byKey, byTag };
  });
}
