import { type RedisService, startRedis } from '@unite/services';
import type { createClient } from 'redis';
import type { KeyCount, RedisControl } from './types';

type Client = ReturnType<typeof createClient>;

/** Options of {@link startRedisControl}. */
export interface RedisControlOptions {
  /** Says what is being done. */
  readonly onProgress?: ((message: string) => void) | undefined;
}

/**
 * Starts a Redis of its own that can be frozen, restarted and cut off: from PATH, or Debian's package. It ends
 * with this process, however that ends. Needs the package `redis`.
 *
 * @throws ServicesError `REDIS_UNAVAILABLE`, `REDIS_FAILED`
 * @example
 * await using redis = await startRedisControl();
 * redis.freeze();
 */
export async function startRedisControl(options: RedisControlOptions = {}): Promise<RedisControl> {
  const service = await start(options);
  return new LocalRedisControl(service, await connect(service.url), options);
}

class LocalRedisControl implements RedisControl {
  readonly url: string;
  readonly #options: RedisControlOptions;
  #service: RedisService;
  #client: Client;
  #closing: Promise<void> | undefined;

  constructor(service: RedisService, client: Client, options: RedisControlOptions) {
    this.url = service.url;
    this.#service = service;
    this.#client = client;
    this.#options = options;
  }

  freeze(): void {
    this.#signal('SIGSTOP');
  }

  thaw(): void {
    this.#signal('SIGCONT');
  }

  async restart(): Promise<void> {
    this.#client.destroy();
    this.#signal('SIGKILL');
    await this.#service.close();
    this.#service = await start(this.#options);
    this.#client = await connect(this.#service.url);
    const { password, port } = new URL(this.url);
    // A server starts at a port and with a password of its own; both can be changed while it runs.
    await this.command('CONFIG', 'SET', 'requirepass', decodeURIComponent(password));
    await this.command('CONFIG', 'SET', 'port', port);
  }

  async killClients(type: 'pubsub' | 'normal'): Promise<number> {
    return Number(await this.command('CLIENT', 'KILL', 'TYPE', type, 'SKIPME', 'yes'));
  }

  async flushAll(): Promise<void> {
    await this.command('FLUSHALL');
  }

  async keys(pattern = '*'): Promise<string[]> {
    const found = new Set<string>();
    for await (const names of this.#client.scanIterator({ MATCH: pattern, COUNT: 1_000 })) {
      for (const name of names) found.add(name);
    }
    return [...found];
  }

  async deleteKeys(pattern: string): Promise<number> {
    return this.delete(await this.keys(pattern));
  }

  async delete(names: readonly string[]): Promise<number> {
    return names.length === 0 ? 0 : this.#client.del([...names]);
  }

  async textOf(name: string): Promise<string | undefined> {
    const type = await this.#client.type(name);
    if (type === 'string') return String(await this.#client.get(name));
    return type === 'hash' ? JSON.stringify(await this.#client.hGetAll(name)) : undefined;
  }

  async count(): Promise<KeyCount> {
    const names = await this.keys();
    const sizes = await Promise.all(names.map((name) => this.#sizeOf(name)));
    const left = await Promise.all(names.map((name) => this.#client.pTTL(name)));
    return {
      keys: names.length,
      keysForEver: left.filter((leftMs) => leftMs === -1).length,
      members: sizes.reduce((sum, size) => sum + size, 0),
    };
  }

  command(...words: string[]): Promise<unknown> {
    return this.#client.sendCommand(words);
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #sizeOf(name: string): Promise<number> {
    const commands: Record<string, string> = {
      set: 'SCARD',
      zset: 'ZCARD',
      hash: 'HLEN',
      list: 'LLEN',
      stream: 'XLEN',
    };
    const command = commands[await this.#client.type(name)];
    return command === undefined ? 0 : Number(await this.command(command, name));
  }

  #signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void {
    if (this.#service.pid !== undefined) process.kill(this.#service.pid, signal);
  }

  async #end(): Promise<void> {
    this.#client.destroy();
    await this.#service.close();
  }
}

function start({ onProgress }: RedisControlOptions): Promise<RedisService> {
  // Not Docker: a signal to its client does not reach the server.
  return startRedis({ onProgress, sources: ['path', 'debian', 'apt'] });
}

async function connect(url: string): Promise<Client> {
  const { createClient } = await import('redis');
  const client: Client = createClient({ url });
  // Each command that fails says so itself.
  client.on('error', () => {});
  await client.connect();
  return client;
}
