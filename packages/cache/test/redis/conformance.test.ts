import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { startRedis, startRedisCluster, startRedisSentinel } from '@unite/services';
import { redisLayer } from '../../src/redis';
import { remoteLayerChecks } from '../../src/testing';
import { clusterClients, sentinelClients, standaloneClients, type TestClient } from './support/clients';

/** On a machine that does something else as well. */
const timeoutMs = 10_000;

function conformance<Server extends AsyncDisposable>(
  start: () => Promise<Server>,
  clients: Readonly<Record<string, (server: Server) => TestClient>>,
): void {
  let server: Server;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(async () => server[Symbol.asyncDispose]());

  describe.each(Object.entries(clients))('%s', (_, open) => {
    let client: TestClient;
    beforeAll(async () => {
      client = open(server);
      await client.open();
    });
    afterAll(() => client.close());

    // Two layers over one client are two processes.
    test.each(remoteLayerChecks)('$name', ({ name, run }) =>
      run(() => redisLayer(client.client, { timeoutMs, maxLogEntries: name === 'behind' ? 200 : 10_000 })),
    );
  });
}

describe('one server', () => {
  const byUrl = Object.entries(standaloneClients).map(([name, open]) => [
    name,
    (server: { readonly url: string }) => open(server.url),
  ]);
  conformance(() => startRedis(), Object.fromEntries(byUrl));
});

describe('a cluster', () => conformance(() => startRedisCluster(), clusterClients));

describe('behind Sentinels', () => conformance(() => startRedisSentinel(), sentinelClients));
