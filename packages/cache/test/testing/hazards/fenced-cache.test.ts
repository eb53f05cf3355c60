import { expect, test } from '@jest/globals';
import { createClient } from 'redis';
import { type CacheNode, type CacheUnderTest, type EntryOptions, runHazards } from '../../../src/testing';

/** Sets the value unless something that it depends on was invalidated since `ARGV[1]` was read. */
const setIfUnchanged = `
if table.concat(redis.call('MGET', unpack(KEYS, 2)), ',') ~= ARGV[1] then return 0 end
return redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) and 1`;

/** Redis alone, with a generation for each key and each tag that fences what was loaded before. */
const fencedCache: CacheUnderTest = {
  name: 'fenced',
  async openNode({ redisUrl, namespace }) {
    const client = await createClient({ url: redisUrl })
      .on('error', () => {})
      .connect();
    const generationsOf = (key: string, { tags = [] }: EntryOptions) =>
      [`key:${key}`, ...tags.map((tag) => `tag:${tag}`)].map((name) => `${namespace}:${name}`);
    const fence = async (names: string[]) => {
      for (const name of names) await client.set(name, '0', { NX: true });
      return (await client.mGet(names)).join(',');
    };
    const get: CacheNode['get'] = async (key, load, entry) => {
      const names = generationsOf(key, entry);
      const before = await fence(names);
      const [generations, value] = (await client.get(`${namespace}:${key}`))?.split('|') ?? [];
      if (generations === before) return value;
      const loaded = String(await load());
      await client.eval(setIfUnchanged, {
        keys: [`${namespace}:${key}`, ...names],
        arguments: [before, `${before}|${loaded}`, String(entry.ttlMs)],
      });
      return loaded;
    };
    const bump = (name: string) => client.incr(`${namespace}:${name}`);
    return {
      get,
      warm: get,
      delete: (key) => bump(`key:${key}`),
      invalidateTag: (tag) => bump(`tag:${tag}`),
      close: async () => client.destroy(),
    };
  },
};

test('a cache that fences its loads holds in every race that it can be in', async () => {
  const { results } = await runHazards(fencedCache, { only: ['invalidate-during-load'] });
  expect(results).toEqual([
    expect.objectContaining({ holds: true, figures: expect.objectContaining({ played: 6, failed: 0 }) }),
  ]);
  expect(results[0]?.figures['delete during a refresh behind']).toMatch(/^not applicable/);
});

test('a cache without memory misses no message', async () => {
  const { results } = await runHazards(fencedCache, {
    only: ['dropped-subscriber'],
    maxStalenessMs: 500,
    watchMs: 1_500,
  });
  expect(results[0]).toMatchObject({ holds: true });
});
