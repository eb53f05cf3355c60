import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedis } from '../../scripts/services/dist/index.js';

const require = createRequire(new URL('../../packages/cache/package.json', import.meta.url));
const { createClient } = require('redis');

/** A Redis that can be frozen, killed, and started again at its old address, with what it has kept on disk. */
export async function startRedisServer(usual = {}) {
  const directory = join(tmpdir(), `unite-staleness-${randomUUID()}`);
  let service = await start(usual);
  const { port, password } = new URL(service.url);
  return {
    url: service.url,
    freeze: () => process.kill(service.pid, 'SIGSTOP'),
    thaw: () => process.kill(service.pid, 'SIGCONT'),
    async kill() {
      process.kill(service.pid, 'SIGKILL');
      await service.close();
    },
    async startAgain(settings = {}) {
      service = await start({ ...usual, port, requirepass: decodeURIComponent(password), ...settings });
    },
    async command(...words) {
      const client = createClient({ url: service.url });
      client.on('error', () => {});
      await client.connect();
      try {
        return await client.sendCommand(words);
      } finally {
        client.destroy();
      }
    },
    async close() {
      await service.close();
      await rm(directory, { recursive: true, force: true });
    },
  };

  function start(settings = {}) {
    // Not Docker: a signal to its client does not reach the server.
    return startRedis({ directory, sources: ['path', 'debian', 'apt'], settings });
  }
}
