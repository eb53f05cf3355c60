import { expect, it } from '@jest/globals';
import { openFakeCluster } from '../fake-cluster';
import { FakeServer } from '../fake-driver';

const insert = 'INSERT INTO t VALUES (1)';

it('a borrowed transaction leaves the position of its commit, so that the next read asks for none', async () => {
  const server = new FakeServer();
  const { db } = await openFakeCluster({ a: server });
  server.answer = (text) =>
    text.startsWith('COMMIT') ? [{ command: 'COMMIT' }, { rows: [{ lsn: '0/3000148' }] }] : {};
  const client = await db.connect();
  await client.query('BEGIN');
  await client.query(insert);
  await client.query('COMMIT');
  client.release();
  expect(db.sessionTokenNow()).toMatchObject({ lsn: 0x3000148n });
});
