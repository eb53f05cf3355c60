import { createRequire } from 'node:module';
import { startMeasuredRedis } from '../../quota/redis-server.mjs';

const require = createRequire(new URL('../../package.json', import.meta.url));
const { createClient } = require('redis');

/** Connections that each have one call under way: as a server sees many processes, and not as it sees one pipeline. */
const connections = 32;

/** A Redis, and clients that are closed with it. */
export async function startRedisWithClients() {
  const redis = await startMeasuredRedis();
  const clients = await Promise.all(
    Array.from({ length: connections }, async () => {
      const client = createClient({ url: redis.url });
      client.on('error', () => {});
      return client.connect();
    }),
  );
  return {
    ...redis,
    clients,
    command: (...words) => clients[0].sendCommand(words.map(String)),
    async close() {
      for (const client of clients) client.destroy();
      await redis.close();
    },
  };
}
