import { readFileSync } from 'node:fs';
import { createClient } from 'redis';

const build = new URL('../../packages/cache/dist/index.js', import.meta.url);
const manifest = new URL('../../packages/cache/package.json', import.meta.url);

/** @unite/cache, beside the peers. */
export default {
  name: '@unite/cache',
  version: JSON.parse(readFileSync(manifest, 'utf8')).version,
  moduleUrl: import.meta.url,
  async openNode({ redisUrl, namespace, maxStalenessMs, memoryMaxBytes }) {
    const { createCache } = await import(build.href);
    const { redisLayer } = await import(new URL('redis.js', build).href);
    const client = createClient({ url: redisUrl });
    client.on('error', () => {});
    await client.connect();
    const cache = createCache({
      namespace,
      memory: { maxBytes: memoryMaxBytes },
      remote: redisLayer(client, { timeoutMs: 200 }),
      maxStalenessMs,
    });
    /** One definition for each time to live: that belongs to a definition, not to a call. */
    const definitions = new Map();
    const definitionFor = ({ ttlMs }) => {
      const found = definitions.get(ttlMs);
      if (found) return found;
      const made = cache.define(`for-${ttlMs}`, {
        key: ({ key }) => [key],
        scope: 'global',
        tags: ({ tags }) => tags ?? [],
        memoryTtlMs: ttlMs,
        remoteTtlMs: ttlMs,
        load: ({ load }) => load(),
      });
      definitions.set(ttlMs, made);
      return made;
    };
    // So that a node deletes what another one has defined.
    definitionFor({ ttlMs: 600_000 });
    return {
      get: (key, load, { tags, ...options }) => definitionFor(options).get({ key, tags, load }),
      set: (key, value, { tags, ...options }) => definitionFor(options).set({ key, tags }, value),
      delete: (key) => Promise.all([...definitions.values()].map((each) => each.delete({ key }))),
      invalidateTag: (tag) => cache.invalidateTags([tag]),
      close: async () => {
        await cache.close();
        if (client.isOpen) client.destroy();
      },
    };
  },
};
