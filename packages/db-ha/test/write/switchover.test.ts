import { expect, it } from '@jest/globals';
import { answers, heardBy, openFakeCluster, promote } from '../fake-cluster';
import { FakeServer } from '../fake-driver';

const insert = 'INSERT INTO t VALUES (1)';

it('goes to the successor that is found while a write, of which nothing was sent, pauses before its next try', async () => {
  const servers = { a: new FakeServer(), b: new FakeServer({ isReplica: true }) };
  const { db, clock } = await openFakeCluster(servers);
  // Planned: the roles were changed since the last look, so the first connection leads to a replica.
  servers.a.isReplica = true;
  promote(servers.b);
  const written = db.query(insert);
  written.catch(() => undefined);
  await clock.advance(1_000);
  await written;
  expect([heardBy(servers.a), heardBy(servers.b)]).toEqual([[], [insert]]);
});

it('the same for a transaction, and for a server that takes no connections', async () => {
  const servers = { a: new FakeServer(), b: new FakeServer({ isReplica: true }) };
  const { db, clock } = await openFakeCluster(servers);
  servers.a.refusal = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  servers.a.crash();
  servers.b.answer = answers();
  promote(servers.b);
  const written = db.transaction((tx) => tx.query(insert));
  written.catch(() => undefined);
  await clock.advance(1_000);
  await written;
  expect(heardBy(servers.b).slice(0, 2)).toEqual(['BEGIN', insert]);
});
