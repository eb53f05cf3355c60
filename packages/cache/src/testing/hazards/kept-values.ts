import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { sampleValues } from './sample-values';
import { settleWithin } from './settle-within';
import type { CacheNode, EntryOptions, Hazard, RedisControl } from './types';
import { withNodes } from './with-nodes';

const entry: EntryOptions = { ttlMs: 600_000 };
/** Longest time until a value has reached Redis, and for one read. */
const patienceMs = 2_000;

/** A second node must get from Redis what was loaded on the first, and both without another load. */
export const keptValues: Hazard = {
  name: 'kept-values',
  summary: 'A value is cached and comes back from Redis equal: undefined, null, Date, Buffer, Map, BigInt …',
  run: (cache, redis, settings) =>
    withNodes(cache, redis, settings, async ({ open }) => {
      await redis.flushAll();
      const [a, b] = [await open(), await open()];
      if ((await roundTrip(redis, [a, b], 'plain', 'text')) === never) {
        return { seen: 'not applicable: caches nothing', figures: {} };
      }
      const figures: Record<string, string> = {};
      for (const [name, value] of Object.entries(sampleValues)) {
        figures[name] = await roundTrip(redis, [a, b], name, value);
      }
      const lost = Object.entries(figures).filter(([, seen]) => seen !== kept);
      return {
        holds: lost.length === 0,
        seen:
          lost.length === 0
            ? `all ${Object.keys(figures).length} equal`
            : `${lost.length} of ${Object.keys(figures).length}: ${grouped(lost)}`,
        figures,
      };
    }),
};

const kept = 'equal';
const never = 'loaded at every read';

async function roundTrip(
  redis: RedisControl,
  [a, b]: readonly [CacheNode, CacheNode],
  name: string,
  value: unknown,
): Promise<string> {
  const key = `value-${name}`;
  let loads = 0;
  const load = async () => {
    loads += 1;
    return value;
  };
  const keysBefore = (await redis.keys()).length;
  const first = await settleWithin(() => a.get(key, load, entry), patienceMs);
  if (first.state !== 'answered') return first.state === 'threw' ? 'thrown' : 'not answered';
  if (!isSame(first.value, value)) return 'another value from the load itself';

  // It may be written to Redis behind the answer; one that never arrives is loaded again below.
  const untilMs = performance.now() + patienceMs / 4;
  while ((await redis.keys()).length === keysBefore && performance.now() < untilMs) await sleep(10);
  const again = await settleWithin(() => a.get(key, load, entry), patienceMs);
  if (loads > 1) return never;
  const second = await settleWithin(() => b.get(key, load, entry), patienceMs);
  if (again.state !== 'answered' || second.state !== 'answered') return 'thrown when read again';
  if (loads > 1) return 'loaded again on the other node';
  if (!isSame(again.value, value)) return `${shown(again.value)} from memory`;
  return isSame(second.value, value) ? kept : `becomes ${shown(second.value)}`;
}

/** A Buffer is a Uint8Array, and will do for one; not the other way round. */
function isSame(found: unknown, value: unknown): boolean {
  const isBytes = value instanceof Uint8Array && !Buffer.isBuffer(value);
  return isDeepStrictEqual(
    atHome(isBytes && Buffer.isBuffer(found) ? new Uint8Array(found) : found),
    atHome(value),
  );
}

/** A test runner has a `Map` and a `Date` of its own, which are not those of a cache outside of it. */
function atHome(value: unknown): unknown {
  return deserialize(serialize(value));
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return `${value}`;
  if (typeof value !== 'object') return `${typeof value} ${value}`.slice(0, 30);
  return `${value.constructor?.name ?? 'object'} ${JSON.stringify(value)?.slice(0, 40)}`;
}

/** `Map, Set (becomes Object {}); BigInt (thrown)` */
function grouped(lost: readonly (readonly [string, string])[]): string {
  const byWords = new Map<string, string[]>();
  for (const [name, seen] of lost) byWords.set(seen, [...(byWords.get(seen) ?? []), name]);
  return [...byWords].map(([seen, names]) => `${names.join(', ')} (${seen})`).join('; ');
}
