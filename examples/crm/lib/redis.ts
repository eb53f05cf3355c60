import { createClient } from 'redis';

/** The application's Redis: what is kept there may be lost, and the application goes on without it. */
export interface Redis {
  /** Whether it answers, within a second. */
  check(): Promise<boolean>;
}

const timeoutMs = 1_000;

/** Connects at the first use, and by itself again after a failure. */
export function createRedis(url: string): Redis {
  const client = createClient({
    url,
    // A command fails while there is no connection, instead of waiting for one.
    disableOfflineQueue: true,
    commandOptions: { timeout: timeoutMs },
    socket: { connectTimeout: timeoutMs, reconnectStrategy: (retries) => Math.min(retries * 100, 2_000) },
  });
  // Unheard, it would end the process; `check` says it where it matters.
  client.on('error', () => undefined);
  let connecting: Promise<unknown> | undefined;

  return {
    async check() {
      // Retries for as long as it takes, so nobody waits for it longer than for an answer.
      connecting ??= client.connect().catch(() => undefined);
      await Promise.race([connecting, new Promise((resolve) => setTimeout(resolve, timeoutMs).unref())]);
      return client.ping().then(
        () => true,
        () => false,
      );
    },
  };
}
