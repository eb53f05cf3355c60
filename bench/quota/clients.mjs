import { Redis } from 'ioredis';
import { createClient } from 'redis';

/** The same client library for all that are compared. */
export async function openClient(library, url) {
  const client = library === 'redis' ? createClient({ url }) : new Redis(url);
  client.on('error', () => {});
  if (library === 'redis') await client.connect();
  return {
    client,
    send: (...words) =>
      library === 'redis' ? client.sendCommand(words) : client.call(words[0], ...words.slice(1)),
    close: () => (client.destroy ?? client.disconnect).call(client),
  };
}
