import { ServicesError } from '../errors';
import type {
  RedisSentinelAddress,
  RedisSentinelOptions,
  RedisSentinelService,
  RedisSettings,
} from '../types';
import { askRedis } from './ask-redis';
import { checkSettings } from './check-settings';
import { GroupService } from './group-service';
import type { RedisGroup } from './redis-group';
import type { RedisNode } from './redis-node';
import { serverSettings } from './server-settings';
import { startRedisGroup } from './start-redis-group';

/** What the Sentinels call the primary. */
const watchedName = 'main';

/**
 * How long a server is silent before a Sentinel takes it for down. Well over a second, after which a Sentinel
 * first pings the server of a failover: with less it takes that one for down as well, and fails over for ever.
 */
const downAfterMs = 2_000;

/**
 * Starts a Redis primary, its replica and the Sentinels that watch them, found as `startRedis` finds its
 * one, though not in Docker. Resolves when every Sentinel knows the replica and the other Sentinels, so that
 * a failover can begin at once: about three seconds after the primary's end the replica takes its place.
 *
 * They listen on 127.0.0.1 alone, with one generated password, and end with this process, however it ends.
 *
 * @throws ServicesError `REDIS_UNAVAILABLE`, `REDIS_FAILED`, `INVALID_OPTION`
 * @example
 * await using redis = await startRedisSentinel();
 * const { sentinels, name, password } = redis;
 * const client = new Redis({ sentinels, name, password, sentinelPassword: password });
 * process.kill(Number(redis.primary.pid), 'SIGKILL');
 */
export async function startRedisSentinel(options: RedisSentinelOptions = {}): Promise<RedisSentinelService> {
  const { sentinels: count = 3 } = options;
  if (!Number.isInteger(count) || count < 1 || count > 9) {
    throw new ServicesError(
      'INVALID_OPTION',
      `startRedisSentinel: option "sentinels" must be 1 to 9, got ${count}`,
    );
  }
  checkSettings(options.settings ?? {}, ['port', 'replicaof', 'masterauth']);
  const settings = serverSettings(options.settings);
  const kind = { name: 'redis-sentinel', title: 'Redis under Sentinels', inDocker: false };
  return startRedisGroup(kind, options, async (group) => {
    const [primary, replica] = await startServers(group, settings);
    const watch = watchSettings(primary, count);
    const sentinels = await group.startAll(
      Array.from({ length: count }, (_, index) => ({
        name: `sentinel_${index + 1}`,
        settings: () => watch,
        sentinel: true,
      })),
    );
    await group.until('every Sentinel knew the others', () => areAcquainted(sentinels));
    return new LocalRedisSentinel(group, primary, replica, sentinels);
  });
}

async function startServers(
  group: RedisGroup,
  settings: ReturnType<typeof serverSettings>,
): Promise<[RedisNode, RedisNode]> {
  // The primary too, as it comes back as a replica.
  const common = { ...settings, masterauth: settings.requirepass };
  const primary = await group.start({ name: 'primary', settings: () => common });
  const replicaof = `127.0.0.1 ${primary.port}`;
  const replica = await group.start({ name: 'replica', settings: () => ({ ...common, replicaof }) });
  await group.until('the replica followed the primary', async () =>
    String(await askRedis(replica.url, ['INFO', 'replication'])).includes('master_link_status:up'),
  );
  return [primary, replica];
}

/** A Sentinel's own password is the servers', and what it tells the other Sentinels. */
function watchSettings(primary: RedisNode, count: number): RedisSettings {
  const password = primary.setting('requirepass');
  const quorum = Math.floor(count / 2) + 1;
  return {
    requirepass: password,
    [`sentinel monitor ${watchedName}`]: `127.0.0.1 ${primary.port} ${quorum}`,
    [`sentinel auth-pass ${watchedName}`]: password,
    [`sentinel down-after-milliseconds ${watchedName}`]: String(downAfterMs),
    // A failover that came to nothing is tried again after twice this time.
    [`sentinel failover-timeout ${watchedName}`]: '3000',
  };
}

async function areAcquainted(sentinels: readonly RedisNode[]): Promise<boolean> {
  const known = await Promise.all(
    sentinels.map(({ url }) => askRedis(url, ['SENTINEL', 'MASTER', watchedName])),
  );
  // Names and values in turn.
  return known.every((reply) => {
    const words = (reply as readonly string[]).join(' ');
    return (
      words.includes(' num-slaves 1 ') && words.includes(` num-other-sentinels ${sentinels.length - 1} `)
    );
  });
}

class LocalRedisSentinel extends GroupService implements RedisSentinelService {
  readonly name = watchedName;
  readonly primary: RedisNode;
  readonly replica: RedisNode;
  readonly #sentinels: readonly RedisNode[];

  constructor(group: RedisGroup, primary: RedisNode, replica: RedisNode, sentinels: readonly RedisNode[]) {
    super(group);
    this.primary = primary;
    this.replica = replica;
    this.#sentinels = sentinels;
  }

  get sentinels(): readonly RedisSentinelAddress[] {
    return this.#sentinels.map(({ port }) => ({ host: '127.0.0.1', port }));
  }

  get sentinelPids(): readonly (number | undefined)[] {
    return this.#sentinels.map(({ pid }) => pid);
  }

  get password(): string {
    return this.primary.setting('requirepass');
  }
}
