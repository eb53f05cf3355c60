import type { RedisCluster, RedisSentinelService } from '@unite/services';
import Redis, { Cluster } from 'ioredis';
import { createClient, createClientPool, createCluster, createSentinel } from 'redis';
import type { RedisLike } from '../../../src/redis';

/** A client that nobody has opened yet. */
export interface TestClient {
  readonly client: RedisLike;
  open(): Promise<unknown>;
  close(): Promise<unknown>;
}

interface NodeRedis {
  readonly isOpen: boolean;
  connect(): Promise<unknown>;
  destroy(): unknown;
}

function nodeRedis(client: RedisLike & NodeRedis): TestClient {
  return {
    client,
    open: () => client.connect(),
    close: async () => client.isOpen && client.destroy(),
  };
}

function ioRedis(client: Redis | Cluster): TestClient {
  return { client, open: () => client.connect(), close: async () => client.disconnect() };
}

/** Kinds of clients for one server. */
export const standaloneClients = {
  'node-redis client': (url: string) => nodeRedis(createClient({ url })),
  'node-redis client that speaks RESP2': (url: string) => nodeRedis(createClient({ url, RESP: 2 })),
  'node-redis client pool': (url: string) =>
    nodeRedis(createClientPool({ url }, { minimum: 2, maximum: 6, acquireTimeout: 30_000 })),
  'ioredis Redis': (url: string) => ioRedis(new Redis(url, { lazyConnect: true })),
  'ioredis Redis whose numbers are text': (url: string) =>
    ioRedis(new Redis(url, { lazyConnect: true, stringNumbers: true })),
  'a hand-written send': (url: string): TestClient => {
    const client = new Redis(url, { lazyConnect: true });
    return {
      client: { send: ([command = '', ...words]) => client.call(command, ...words) },
      open: () => client.connect(),
      close: async () => client.disconnect(),
    };
  },
} satisfies Record<string, (url: string) => TestClient>;

/** Kinds of clients for a cluster. */
export const clusterClients = {
  'node-redis cluster': ({ urls }: RedisCluster) =>
    nodeRedis(
      createCluster({
        rootNodes: urls.map((url) => ({ url })),
        // For those that the cluster names itself.
        defaults: { password: passwordIn(urls[0]) },
      }),
    ),
  'ioredis Cluster'({ urls }: RedisCluster) {
    const roots = urls.map((url) => ({ host: new URL(url).hostname, port: Number(new URL(url).port) }));
    const redisOptions = { password: passwordIn(urls[0]) };
    return ioRedis(new Cluster(roots, { redisOptions, lazyConnect: true }));
  },
} satisfies Record<string, (servers: RedisCluster) => TestClient>;

/** Kinds of clients that ask Sentinels. */
export const sentinelClients = {
  'node-redis sentinel': ({ name, sentinels, password }: RedisSentinelService) =>
    nodeRedis(
      createSentinel({
        name,
        sentinelRootNodes: [...sentinels],
        nodeClientOptions: { password },
        sentinelClientOptions: { password },
      }),
    ),
  'ioredis Redis by Sentinel': ({ name, sentinels, password }: RedisSentinelService) =>
    ioRedis(
      new Redis({ sentinels: [...sentinels], name, password, sentinelPassword: password, lazyConnect: true }),
    ),
} satisfies Record<string, (service: RedisSentinelService) => TestClient>;

function passwordIn(url = ''): string {
  return decodeURIComponent(new URL(url).password);
}
