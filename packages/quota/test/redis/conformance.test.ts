import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { type RedisCluster, type RedisService, startRedis, startRedisCluster } from '@unite/services';
import { redisStore } from '../../src/redis';
import { quotaStoreChecks } from '../../src/testing';
import { clusterClients, standaloneClients, type TestClient } from './support/clients';

let server: RedisService;
let cluster: RedisCluster;
beforeAll(async () => {
  [server, cluster] = await Promise.all([startRedis(), startRedisCluster()]);
});
afterAll(async () => {
  await Promise.all([server?.close(), cluster?.close()]);
});

const kinds: readonly (readonly [string, () => TestClient])[] = [
  ['node-redis client', () => standaloneClients['node-redis client'](server.url)],
  ['ioredis Redis', () => standaloneClients['ioredis Redis'](server.url)],
  ['node-redis cluster', () => clusterClients['node-redis cluster'](cluster)],
  ['ioredis Cluster', () => clusterClients['ioredis Cluster'](cluster)],
];

// Each opens its client, so that the check's end closes it.
describe.each(kinds)('%s', (_, connect) => {
  test.each(quotaStoreChecks)('$name', ({ run }) =>
    run(() => ({ store: redisStore(connect().client, { timeoutMs: 5_000 }) })),
  );
});
