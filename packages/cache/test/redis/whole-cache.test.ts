import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { startRedis, startRedisCluster } from '@unite/services';
import { clusterClients, standaloneClients, type TestClient } from './support/clients';
import { closeProcesses, newWorld, openProcess } from './support/open-process';
import { until } from './support/until';

afterEach(closeProcesses);

function twoCaches<Server extends AsyncDisposable>(
  start: () => Promise<Server>,
  clients: Readonly<Record<string, (server: Server) => TestClient>>,
): void {
  let server: Server;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(async () => server[Symbol.asyncDispose]());

  describe.each(Object.entries(clients))('%s', (_, open) => {
    let clientA: TestClient;
    let clientB: TestClient;
    beforeAll(() => {
      clientA = open(server);
      clientB = open(server);
    });
    afterAll(() => Promise.all([clientA.close(), clientB.close()]));

    /** Clients are opened by the first cache that uses them, and closed with the last. */
    function pair(world = newWorld()) {
      return { world, a: openProcess(clientA.client, world), b: openProcess(clientB.client, world) };
    }

    // Before the others, as some clients are not opened twice.
    test('one loads, both have it; what one invalidates the other loads anew', async () => {
      const { world, a, b } = pair();
      expect(await a.things.get('1')).toBe(1);
      await until(async () => (await b.things.lookup('1')).hit, 'the entry is in Redis');
      expect(await b.things.get('1')).toBe(1);
      expect([a.loads, b.loads]).toEqual([1, 0]);

      world.version = 2;
      const { acknowledged, tags } = await a.cache.invalidateTags(['thing:1']);
      expect([acknowledged, tags]).toEqual([true, ['thing:1']]);
      expect(await a.things.get('1')).toBe(2);
      await until(async () => (await b.things.get('1')) === 2, 'the other has the new value');
      expect(a.loads + b.loads).toBeLessThanOrEqual(3);

      // In one test, as the cache closes the client with its end.
      await a.things.set('1', 'set');
      await until(async () => (await b.things.get('1')) === 'set', 'the other has what was set');

      await a.cache.tags.link('contact:9', 'things');
      world.version = 3;
      const { tags: following } = await b.cache.invalidateTags(['contact:9']);
      expect([...following].sort()).toEqual(['contact:9', 'things']);
      await until(async () => (await a.things.get('1')) === 3, 'what follows by a link is loaded anew');

      const ids = Array.from({ length: 60 }, (_, index) => `many-${index}`);
      await a.things.getMany(ids);
      await until(
        async () => (await Promise.all(ids.map((id) => b.things.lookup(id)))).every(({ hit }) => hit),
        'all are in Redis',
      );
      world.version = 4;
      expect(await a.cache.clearPattern('things:many-*')).toBe(60);
      await until(
        async () => (await b.things.get('many-7')) === 4,
        'what was cleared by pattern is loaded anew',
      );
      expect(await b.things.get('1')).toBe(3);

      world.version = 5;
      await b.things.delete('1');
      expect(await b.things.get('1')).toBe(5);
      world.version = 6;
      await b.cache.clear();
      await until(async () => (await a.things.get('1')) === 6, 'everything is loaded anew');
      expect([a.remote, b.remote]).toEqual([
        expect.objectContaining({ state: 'up', failures: 0, unreadable: 0, unstorable: 0, logLosses: 0 }),
        expect.objectContaining({ state: 'up', failures: 0, unreadable: 0, unstorable: 0, logLosses: 0 }),
      ]);
    });
  });
}

describe('one server', () => {
  const byUrl = Object.entries(standaloneClients).map(([name, open]) => [
    name,
    (server: { readonly url: string }) => open(server.url),
  ]);
  twoCaches(() => startRedis(), Object.fromEntries(byUrl));
});

describe('a cluster', () => twoCaches(() => startRedisCluster(), clusterClients));
