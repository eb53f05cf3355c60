import { createClient } from 'redis';
import type { CacheUnderTest, EntryOptions } from '../../../src/testing/hazards/types';

interface Entry {
  readonly value: unknown;
  readonly freshUntilMs: number;
  readonly versions: Readonly<Record<string, number>>;
}

/** The URL of a module beside this file. */
export function fixtureUrl(name: string): string {
  return `file://${__dirname}/fixtures/${name}.mjs`;
}

/**
 * A cache as one would write it in an afternoon: memory, Redis, a message for each delete, a counter for each
 * tag. Every hazard finds it.
 */
export const brokenCache: CacheUnderTest = {
  name: 'broken',
  moduleUrl: fixtureUrl('hoards'),
  async openNode({ redisUrl, namespace }) {
    const client = createClient({ url: redisUrl });
    const subscriber = client.duplicate();
    for (const each of [client, subscriber]) {
      each.on('error', () => {});
      await each.connect();
    }
    const memory = new Map<string, Entry>();
    const channel = `${namespace}:deleted`;
    await subscriber.subscribe(channel, (key) => memory.delete(key));

    const versionOf = async (tag: string) => Number(await client.get(`${namespace}:tag:${tag}`));
    const isCurrent = async ({ versions }: Entry) => {
      for (const [tag, version] of Object.entries(versions))
        if ((await versionOf(tag)) !== version) return false;
      return true;
    };
    const read = async (key: string): Promise<Entry | undefined> => {
      const text = memory.has(key) ? null : await client.get(`${namespace}:${key}`);
      const entry: Entry | undefined = text === null ? memory.get(key) : JSON.parse(text);
      if (entry === undefined || !(await isCurrent(entry))) return undefined;
      memory.set(key, entry);
      return entry;
    };
    const write = async (key: string, value: unknown, { ttlMs, tags = [] }: EntryOptions) => {
      const versions: Record<string, number> = {};
      for (const tag of tags) versions[tag] = await versionOf(tag);
      const entry = { value, freshUntilMs: Date.now() + ttlMs, versions };
      await client.set(`${namespace}:${key}`, JSON.stringify(entry), { PX: ttlMs });
      memory.set(key, entry);
      return value;
    };
    return {
      get: async (key, load, options) => {
        const entry = await read(key);
        const refresh = async () => write(key, await load(), options);
        if (entry && entry.freshUntilMs > Date.now()) return entry.value;
        if (!entry || !options.refreshBehindMs) return refresh();
        refresh().catch(() => {});
        return entry.value;
      },
      set: write,
      delete: async (key) => {
        memory.delete(key);
        await client.del(`${namespace}:${key}`);
        await client.publish(channel, key);
      },
      invalidateTag: (tag) => client.incr(`${namespace}:tag:${tag}`),
      close: async () => {
        client.destroy();
        subscriber.destroy();
      },
    };
  },
};
