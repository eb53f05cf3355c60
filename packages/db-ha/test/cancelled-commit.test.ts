import { expect, it } from '@jest/globals';
import { createCluster, type Transaction } from '../src';
import { FakeServer, fakeDriver, serverError } from './fake-driver';

/** A cluster over a fake server that answers every commit as if it had been cancelled. */
async function openCancelling() {
  const server = new FakeServer();
  const db = createCluster({ nodes: [{ url: 'postgres://a/x' }], Pool: fakeDriver({ a: server }) as never });
  await db.ready();
  server.answer = (text) => (text.startsWith('COMMIT') ? serverError('57014', 'canceling statement') : {});
  return db;
}

it('does not know of a commit that was cancelled: the cancel may have hit what follows it in the message', async () => {
  await using db = await openCancelling();
  const work = async (tx: Transaction) => tx.query('INSERT INTO t VALUES (1)');
  await expect(db.transaction(work)).rejects.toMatchObject({ code: 'UNITE_DB_COMMIT_UNKNOWN' });
});

it('does not know of it on a borrowed client either', async () => {
  await using db = await openCancelling();
  const client = await (
    db.connect as unknown as () => Promise<{
      query(text: string): Promise<unknown>;
      release(): void;
    }>
  )();
  await client.query('BEGIN');
  await expect(client.query('COMMIT')).rejects.toMatchObject({ code: 'UNITE_DB_COMMIT_UNKNOWN' });
  client.release();
});

it('refuses a token that is none', async () => {
  await using db = await openCancelling();
  expect(() => db.advanceSession({ systemId: '1', timeline: Number.NaN, lsn: 1n })).toThrow(
    /consistency token/,
  );
});
