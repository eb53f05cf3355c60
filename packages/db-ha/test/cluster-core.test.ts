import { expect, it } from '@jest/globals';
import { openFakeCluster } from './fake-cluster';
import { FakeServer } from './fake-driver';

it('tells a session what is known when its position cannot be asked for in time', async () => {
  const server = new FakeServer();
  const { db, clock } = await openFakeCluster({ a: server }, { probeTimeoutMs: 1_000 });
  await db.query('INSERT INTO t VALUES (1)');
  server.hangs = 'answering';
  const first = db.sessionToken();
  await clock.advance(500);
  // Waits until the question under way, which may be older than what was written, has its answer.
  const second = db.sessionToken();
  await clock.advance(1_000);
  const unlocated = { systemId: server.systemId, timeline: 1, lsn: undefined };
  expect(await first).toEqual(unlocated);
  expect(await second).toEqual(unlocated);
});
