import { BasicClientSideCache, createClient } from 'redis';
import { versionOf } from './version-of.mjs';

/**
 * node-redis' client-side cache drops entries beyond `maxEntries`, but not what it notes about their keys: that
 * goes when Redis says that the key has changed, which for most keys is never.
 */
export async function clientSideCacheLeak(redisUrl, { maxEntries = 100, reads = 10_000 } = {}) {
  const clientSideCache = new BasicClientSideCache({ maxEntries });
  const client = createClient({ url: redisUrl, RESP: 3, clientSideCache });
  client.on('error', () => {});
  await client.connect();
  for (let index = 0; index < reads; index += 100) {
    await Promise.all(Array.from({ length: 100 }, (_, offset) => client.get(`key-${index + offset}`)));
  }
  const notedKeys = [...clientSideCache.keySetEntries()].length;
  const entries = clientSideCache.size();
  client.destroy();
  return { version: versionOf('redis'), maxEntries, reads, entries, notedKeys };
}
