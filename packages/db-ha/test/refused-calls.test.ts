import { expect, it } from '@jest/globals';
import type { UniteContext } from '@unite/core';
import { answers, createFakeCluster, openFakeCluster } from './fake-cluster';
import { FakeServer } from './fake-driver';

it('ready() and close() name a wrong option', async () => {
  const { db } = await openFakeCluster({ a: new FakeServer() });
  await expect(db.ready(null as never)).rejects.toThrow('ready: options must be an object, got null');
  await expect(db.ready({ timeoutms: 5 } as never)).rejects.toThrow('ready: unknown option "timeoutms"');
  await expect(db.close({ timeoutMs: '5s' as never })).rejects.toThrow(
    'close: option "timeoutMs" must be a number of at least 0, got "5s"',
  );
  await expect(db.close({ timeoutMs: 0 })).resolves.toEqual({ drained: true, aborted: 0 });
});

it('transaction() rejects whatever is wrong, and takes work that is no promise', async () => {
  const a = new FakeServer();
  a.answer = answers();
  const { db } = await openFakeCluster({ a });
  await expect(db.transaction('x' as never)).rejects.toThrow('the first argument must be a function');
  await expect(db.transaction((() => 'done') as never)).resolves.toBe('done');
  const thrown = () => {
    throw new Error('at once');
  };
  await expect(db.transaction(thrown)).rejects.toThrow('at once');
  await db.close();
});

it('a deadline that is no number is none', async () => {
  const context = { requestId: 'x', state: new Map(), deadlineAtMs: Number.NaN } satisfies UniteContext;
  const { db, clock } = await openFakeCluster({ a: new FakeServer() }, { context: () => context });
  const server = db.query('SELECT 1');
  await clock.advance(1);
  await expect(server).resolves.toBeDefined();
  await db.close();
});

it('no first call is refused for want of a primary that nobody has looked for yet', async () => {
  const { db } = createFakeCluster({ a: new FakeServer() }, { failover: { maxWaiting: 0 } });
  const first = Promise.all([db.query('SELECT 1'), db.query('SELECT 1')]);
  await expect(first).resolves.toHaveLength(2);
});

it('the reason why no node is known is told with the error', async () => {
  const { db, clock } = createFakeCluster(
    {},
    { nodes: { discover: () => Promise.reject(new Error('DNS is down')) } },
  );
  const refused = expect(db.ready({ timeoutMs: 100 })).rejects.toMatchObject({
    code: 'UNITE_DB_NO_PRIMARY',
    message: 'No primary within 100 ms. The nodes could not be found: DNS is down',
  });
  await clock.advance(200);
  await refused;
  await db.close();
});
