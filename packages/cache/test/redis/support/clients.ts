import type { RedisCluster as ClusterServers, RedisSentinelService } from '@unite/services';
import Redis, { Cluster } from 'ioredis';
import { createClient, createClientPool, createCluster, createSentinel } from 'redis';
import type { RedisLike } from '../../../src/redis';

/** A client that nobody has opened yet, unless it opens itself. */
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
export const standaloneClients: Readonly<Record<string, (url: string) => TestClient>> = {
  'node-redis client'(url) {
    return nodeRedis(createClient({ url }));
  },
  'node-redis client that speaks RESP2'(url) {
    return nodeRedis(createClient({ url, RESP: 2 }));
  },
  'node-redis client pool'(url) {
    return nodeRedis(createClientPool({ url }, { minimum: 2, maximum: 6 }));
  },
  'ioredis Redis'(url) {
    return ioRedis(new Redis(url, { lazyConnect: true }));
  },
  'a hand-written send whose texts are bytes'(url) {
    const client = new Redis(url);
    return {
      client: { send: ([command, ...words]) => client.callBuffer(String(command), ...(words as Buffer[])) },
      open: async () => {},
      close: async () => client.disconnect(),
    };
  },
};

/** Kinds of clients for a cluster. */
export const clusterClients: Readonly<Record<string, (servers: ClusterServers) => TestClient>> = {
  'node-redis cluster'({ urls }) {
    const password = passwordIn(urls[0]);
    return nodeRedis(
      createCluster({
        rootNodes: urls.map((url) => ({ url })),
        // For those that the cluster names itself.
        defaults: { password },
      }),
    );
  },
  'ioredis Cluster'({ urls }) {
    const roots = urls.map((url) => ({ host: new URL(url).hostname, port: Number(new URL(url).port) }));
    return ioRedis(
      new Cluster(roots, {
        redisOptions: { password: passwordIn(urls[0]) },
        lazyConnect: true,
      }),
    );
  },
};

/** Kinds of clients that ask Sentinels. */
export const sentinelClients: Readonly<Record<string, (service: RedisSentinelService) => TestClient>> = {
  'node-redis sentinel'({ name, sentinels, password }) {
    return nodeRedis(
      createSentinel({
        name,
        sentinelRootNodes: [...sentinels],
        nodeClientOptions: { password },
        sentinelClientOptions: { password },
      }),
    );
  },
  'ioredis Redis by Sentinel'({ name, sentinels, password }) {
    return ioRedis(
      new Redis({
        sentinels: [...sentinels],
        name,
        password,
        sentinelPassword: password,
        lazyConnect: true,
      }),
    );
  },
};

export function passwordIn(url = ''): string {
  return decodeURIComponent(new URL(url).password);
}
