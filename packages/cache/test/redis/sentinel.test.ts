import { afterEach, describe, expect, test } from '@jest/globals';
import { type RedisSentinelService, startRedisSentinel } from '@unite/services';
import Redis from 'ioredis';
import { sentinelClients, type TestClient } from './support/clients';
import { closeProcesses, newWorld, openProcess, type Process } from './support/open-process';
import { until } from './support/until';

const clients: TestClient[] = [];
afterEach(async () => {
  await closeProcesses();
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

function connect(service: RedisSentinelService, kind: string) {
  const client = sentinelClients[kind]?.(service) as TestClient;
  clients.push(client);
  return client.client;
}

const areUp = (processes: readonly Process[]) =>
  processes.every(({ remote }) => remote.state === 'up' && remote.pendingInvalidations === 0);

describe.each(Object.keys(sentinelClients))('%s', (kind) => {
  test('a failover: the cache comes back on the new primary, and what was invalid stays so', async () => {
    await using service = await startRedisSentinel();
    const world = newWorld('old');
    // Whoever is not answered in time loads, and writes nothing over: here the time is no matter.
    const layer = { timeoutMs: 5_000 };
    const [a, b] = [0, 1].map(() => openProcess(connect(service, kind), world, { layer })) as [
      Process,
      Process,
    ];
    for (const { cache, things } of [a, b]) {
      // What is loaded while the client looks for the primary is kept in memory alone.
      await until(() => cache.ready(), 'the primary is found');
      expect(await things.get('1')).toBe('old');
    }
    const replica = new Redis(service.replica.url);
    const entry = `${world.namespace}:{things:1}`;
    try {
      await until(async () => (await replica.exists(entry)) === 1, 'the replica has the entry');
      // The replica follows no more, so that it never learns of what is acknowledged next.
      const primary = new Redis(service.primary.url);
      await replica.config('SET', 'masterauth', 'wrong');
      await primary.call('CLIENT', 'KILL', 'TYPE', 'replica');
      await until(
        async () => /connected_slaves:0/.test(await primary.info('replication')),
        'the replica has gone',
      );
      primary.disconnect();
      // Whoever reads it in time knows that the new primary has another history; here nobody does.
      world.version = 'new';
      const told = a.cache.invalidateTags(['things']);
      expect((await told).acknowledged).toBe(true);
      process.kill(service.primary.pid as number, 'SIGKILL');

      await until(async () => (await a.things.get('1')) === 'new', 'the one has the new value');
      await until(
        async () => /role:master/.test(await replica.info('replication')),
        'the replica is the primary',
        // Sentinels that a busy machine holds up begin anew, each time after some seconds.
        120_000,
      );
      await until(() => areUp([a, b]), 'both are back');
      // The old entry lies in the new primary, whose log knows nothing against it.
      const old = await replica.dumpBuffer(entry);
      expect(old).not.toBeNull();
      const isNew = async () => (await b.things.get('1')) === 'new';
      const isWrittenOver = async () => !(await replica.dumpBuffer(entry)).equals(old);
      await until(async () => (await isNew()) && (await isWrittenOver()), 'the old entry is written over');
      // Longer than the time for which older entries are not believed after an outage.
      const sinceMs = performance.now();
      await until(async () => {
        const later = openProcess(connect(service, kind), world, { layer });
        expect(await later.things.get('1')).toBe('new');
        await later.cache.close();
        expect(await isNew()).toBe(true);
        return performance.now() - sinceMs > 3_000;
      }, 'the time passes');
      world.version = 'newest';
      expect((await b.cache.invalidateTags(['things'])).acknowledged).toBe(true);
      await until(async () => (await a.things.get('1')) === 'newest', 'the one has the newest value');
    } finally {
      replica.disconnect();
    }
  }, 240_000);
});
