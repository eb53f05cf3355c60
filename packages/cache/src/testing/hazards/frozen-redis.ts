import { setTimeout as sleep } from 'node:timers/promises';
import { inSeconds } from './in-seconds';
import { type Settled, settleWithin } from './settle-within';
import type { CacheNode, EntryOptions, Hazard, HazardResult, HazardSettings } from './types';
import { withNodes } from './with-nodes';

const untagged: EntryOptions = { ttlMs: 600_000, refreshBehindMs: 600_000 };
const tagged: EntryOptions = { ...untagged, tags: ['rows'] };
const everyMs = 500;
/** Time for values to reach Redis. */
const deliveryMs = 250;

/** A read while Redis was frozen: where its value was, and how the read ended. */
type FrozenRead = Settled<unknown> & { readonly from: string };

/** A hung Redis, or a network that swallows, is worse than a dead one: nothing ever fails. */
export const frozenRedis: Hazard = {
  name: 'frozen-redis',
  summary: 'Reads answer within their deadline while Redis is frozen with its sockets open',
  run: (cache, redis, settings) =>
    withNodes(cache, redis, settings, async ({ open }) => {
      await redis.flushAll();
      const [node, other] = [await open(), await open()];
      // The last reads, too, get their whole deadline.
      const ticks = Math.max(1, Math.floor((settings.freezeMs - settings.readDeadlineMs - 100) / everyMs));
      await node.get('memory', load, untagged);
      await node.get('memory-tagged', load, tagged);
      for (let tick = 0; tick < ticks; tick++) await other.get(`redis-${tick}`, load, untagged);
      await sleep(deliveryMs);

      redis.freeze();
      let reads: FrozenRead[];
      try {
        reads = await readWhileFrozen(node, ticks, settings);
      } finally {
        redis.thaw();
      }
      return judge(reads, await recovery(node, settings), settings);
    }),
};

const load = async () => 'value';

async function readWhileFrozen(
  node: CacheNode,
  ticks: number,
  { freezeMs }: HazardSettings,
): Promise<FrozenRead[]> {
  const endMs = performance.now() + freezeMs;
  const reads: Promise<FrozenRead>[] = [];
  const read = async (from: string, key: string, entry: EntryOptions): Promise<FrozenRead> => ({
    from,
    ...(await settleWithin(() => node.get(key, load, entry), endMs - performance.now())),
  });
  for (let tick = 0; tick < ticks; tick++) {
    reads.push(
      read('memory', 'memory', untagged),
      read('memory, tagged', 'memory-tagged', tagged),
      read('Redis', `redis-${tick}`, untagged),
      read('nowhere', `nowhere-${tick}`, untagged),
    );
    await sleep(everyMs);
  }
  return Promise.all(reads);
}

/** Until a read is served within its deadline again, in milliseconds. */
async function recovery(
  node: CacheNode,
  { readDeadlineMs, recoveryMs }: HazardSettings,
): Promise<number | undefined> {
  const startMs = performance.now();
  for (let attempt = 0; performance.now() - startMs < recoveryMs; attempt++) {
    const read = await settleWithin(() => node.get(`after-${attempt}`, load, untagged), readDeadlineMs);
    if (read.state === 'answered') return Math.round(performance.now() - startMs);
    await sleep(50);
  }
  return undefined;
}

function judge(
  reads: readonly FrozenRead[],
  backAfterMs: number | undefined,
  { readDeadlineMs }: HazardSettings,
): HazardResult {
  const late = reads.filter(({ tookMs }) => tookMs > readDeadlineMs);
  const threw = reads.filter(({ state }) => state === 'threw');
  const slowestMs = Math.max(...reads.map(({ tookMs }) => tookMs));
  const [firstError] = threw.flatMap((read) => (read.state === 'threw' ? [String(read.error)] : []));
  const wrong = [
    ...(late.length > 0
      ? [`${late.length} later than ${inSeconds(readDeadlineMs)} (${placesOf(late)})`]
      : []),
    ...(threw.length > 0 ? [`${threw.length} thrown (${placesOf(threw)})`] : []),
  ];
  const back = backAfterMs === undefined ? 'never back' : `back after ${inSeconds(backAfterMs)}`;
  return {
    holds: wrong.length === 0 && backAfterMs !== undefined,
    seen: `of ${reads.length} reads ${wrong.join(', ') || 'none late'}; slowest ${inSeconds(slowestMs)}; ${back}`,
    figures: {
      reads: reads.length,
      late: late.length,
      waiting: reads.filter(({ state }) => state === 'waiting').length,
      threw: threw.length,
      slowestMs,
      ...(backAfterMs === undefined ? {} : { backAfterMs }),
      ...(firstError === undefined ? {} : { firstError }),
    },
  };
}

/** Where the values of some reads were. */
function placesOf(reads: readonly FrozenRead[]): string {
  return [...new Set(reads.map(({ from }) => from))].join('; ');
}
