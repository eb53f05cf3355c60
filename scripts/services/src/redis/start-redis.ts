import type { RedisOptions, RedisService } from '../types';
import { checkSettings } from './check-settings';
import { GroupService } from './group-service';
import type { RedisGroup } from './redis-group';
import type { RedisNode } from './redis-node';
import { serverSettings } from './server-settings';
import { startRedisGroup } from './start-redis-group';

/**
 * Starts a Redis that keeps nothing on disk: from PATH, unpacked from Debian's package without installing
 * it, installed by apt (root only), or in Docker.
 *
 * It listens on 127.0.0.1 alone, with a generated password, and ends with this process, however it ends.
 *
 * @throws ServicesError `REDIS_UNAVAILABLE`, `REDIS_FAILED`, `INVALID_OPTION`
 * @example
 * await using redis = await startRedis();
 * const client = await createClient({ url: redis.url }).connect();
 * @example
 * const { port, password } = new URL(redis.url);
 * await using replica = await startRedis({
 *   settings: { replicaof: `127.0.0.1 ${port}`, masterauth: password },
 * });
 */
export async function startRedis(options: RedisOptions = {}): Promise<RedisService> {
  const settings = serverSettings(options.settings);
  const { tls } = options;
  checkSettings(settings, tls ? ['tls-port', 'tls-protocols'] : []);
  // A container would have to be given the files.
  const kind = { name: 'redis', title: tls ? 'Redis over TLS' : 'Redis', inDocker: !tls };
  return startRedisGroup(kind, options, async (group) => {
    const node = await group.start({
      name: 'redis',
      settings: () => settings,
      tls,
      onExit: options.onExit,
    });
    return new LocalRedis(group, node, tls?.ca);
  });
}

class LocalRedis extends GroupService implements RedisService {
  readonly source: RedisService['source'];
  readonly ca: string | undefined;
  readonly #node: RedisNode;

  constructor(group: RedisGroup, node: RedisNode, ca: string | undefined) {
    super(group);
    this.ca = ca;
    this.source = group.source;
    this.#node = node;
  }

  get url(): string {
    return this.#node.url;
  }

  get pid(): number | undefined {
    return this.#node.pid;
  }

  kill(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    return this.#node.kill(signal);
  }

  start(): Promise<void> {
    return this.#node.start();
  }
}
