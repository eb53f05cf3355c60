import { createClient } from 'redis';
import { redisSocket } from './tls';

const timeoutMs = 1_000;

/** The application's Redis: what is kept there may be lost, and the application goes on without it. */
export function createRedis(url: string) {
  const client = createClient({
    url,
    // A command fails while there is no connection, instead of waiting for one.
    disableOfflineQueue: true,
    commandOptions: { timeout: timeoutMs },
    socket: {
      ...redisSocket(url),
      connectTimeout: timeoutMs,
      reconnectStrategy: (retries: number) => Math.min(retries * 100, 2_000),
    },
  });
  // Unheard, it would end the process; the health check and the cache say it where it matters.
  client.on('error', () => undefined);
  return client;
}

type Redis = ReturnType<typeof createRedis>;

/** Opens the connection; it comes back by itself. Not to be waited for: without a Redis that would take for ever. */
export function openRedis(client: Redis): void {
  if (!client.isOpen) void client.connect().catch(() => undefined);
}

/** Ends the connection. What was still on its way may be lost, as everything in Redis may. */
export async function closeRedis(client: Redis): Promise<void> {
  if (client.isOpen) client.destroy();
}
