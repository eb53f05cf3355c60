import { Redis } from 'ioredis';
import { createClient } from 'redis';

/**
 * The same client library for all that are compared. node-redis gives each command five seconds, unless it is told
 * otherwise; ioredis gives it for ever, unless there is a `commandTimeout`.
 */
export async function openClient(library, url, { commandTimeout } = {}) {
  const client =
    library === 'redis'
      ? createClient({ url })
      : new Redis(url, { ...(commandTimeout && { commandTimeout }) });
  client.on('error', () => {});
  if (library === 'redis') await client.connect();
  return {
    client,
    send: (...words) =>
      library === 'redis' ? client.sendCommand(words) : client.call(words[0], ...words.slice(1)),
    close: () => (client.destroy ?? client.disconnect).call(client),
  };
}
