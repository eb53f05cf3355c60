import { createClient, createKeyv } from '@keyv/redis';

/**
 * The Redis layer of cacheable and cache-manager. Beyond what their pages show: no queue while Redis is away, a
 * socket that is given up when it is silent (a ping keeps it from being so), and a reconnect after that as well,
 * which node-redis does not do unless told to.
 */
export function keyvRedis({ redisUrl, namespace }) {
  const client = createClient({
    url: redisUrl,
    disableOfflineQueue: true,
    pingInterval: 100,
    socket: {
      connectTimeout: 500,
      socketTimeout: 300,
      reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, 2_000),
    },
  });
  client.on('error', () => {});
  const keyv = createKeyv(client, { namespace, throwOnConnectError: false, connectionTimeout: 500 });
  keyv.on('error', () => {});
  keyv.store.on('error', () => {});
  return { keyv, destroy: () => client.isOpen && client.destroy() };
}
