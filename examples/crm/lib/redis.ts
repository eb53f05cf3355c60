import { createClient } from 'redis';

const timeoutMs = 1_000;

/** The application's Redis: what is kept there may be lost, and the application goes on without it. */
export function createRedis(url: string) {
  const client = createClient({
    url,
    // A command fails while there is no connection, instead of waiting for one.
    disableOfflineQueue: true,
    commandOptions: { timeout: timeoutMs },
    socket: { connectTimeout: timeoutMs, reconnectStrategy: (retries) => Math.min(retries * 100, 2_000) },
  });
  // Unheard, it would end the process; `redisAnswers` and the cache say it where it matters.
  client.on('error', () => undefined);
  return client;
}

type Redis = ReturnType<typeof createRedis>;

/** Whether it answers, within a second. Whoever needs the client first opens it; it reconnects by itself. */
export async function redisAnswers(client: Redis): Promise<boolean> {
  // Retries for as long as it takes, so nobody waits for it longer than for an answer.
  const opening = client.isOpen ? undefined : client.connect().catch(() => undefined);
  const late = new Promise<false>((resolve) => setTimeout(resolve, timeoutMs, false).unref());
  const ping = async () => {
    await opening;
    return client.ping();
  };
  return Promise.race([
    late,
    ping().then(
      () => true,
      () => false,
    ),
  ]);
}
