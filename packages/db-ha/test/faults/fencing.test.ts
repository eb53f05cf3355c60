import { expect, it } from '@jest/globals';
import { ask, type Lab, openLab, promote } from '../../suites/faults/harness/lab';
import { waitUntil } from '../../suites/patroni/harness/wait-until';

/** Freezes the primary, promotes a replica, and lets the old one go on as if nothing had happened. */
async function replacePrimary({ db, primary, replicas }: Lab): Promise<void> {
  await primary.kill('SIGSTOP');
  // Asked for by nobody, the loss would be noticed at the next health check.
  const asking = db.query('SELECT 1').catch(() => undefined);
  const { node } = await promote(replicas);
  await waitUntil(() => db.status().primary === node.name, { what: 'the new primary is known' });
  await asking;
  await primary.kill('SIGCONT');
}

async function rowsOnOldPrimary({ primary }: Lab): Promise<unknown[]> {
  return ask(primary, 'SELECT id FROM ledger');
}

it('sends no commit of a borrowed client to a primary that was replaced meanwhile', async () => {
  await using lab = await openLab();
  const client = await lab.db.connect();
  await client.query('BEGIN');
  await client.query(`INSERT INTO ledger VALUES ('borrowed', 1)`);
  await replacePrimary(lab);

  await expect(client.query('COMMIT')).rejects.toMatchObject({ code: 'UNITE_DB_CONNECTION_LOST' });
  client.release();
  expect(await rowsOnOldPrimary(lab)).toEqual([]);
});

it('runs a transaction again on the new primary, and commits nothing on the one that it began on', async () => {
  await using lab = await openLab();
  let attempts = 0;
  await lab.db.transaction(async (tx) => {
    attempts += 1;
    await tx.query(`INSERT INTO ledger VALUES ('transaction', 1)`);
    if (attempts === 1) await replacePrimary(lab);
  });

  expect(attempts).toBe(2);
  expect(await rowsOnOldPrimary(lab)).toEqual([]);
  expect((await lab.db.query('SELECT id FROM ledger')).rows).toEqual([{ id: 'transaction' }]);
});

it('keeps away from an old primary even when it is the only one left', async () => {
  await using lab = await openLab({ failover: { timeoutMs: 500 } });
  await replacePrimary(lab);
  for (const replica of lab.replicas) await replica.kill('SIGKILL');

  await expect(lab.db.query(`INSERT INTO ledger VALUES ('late', 1)`)).rejects.toMatchObject({
    code: 'UNITE_DB_NO_PRIMARY',
    message: expect.stringMatching(/primary: primary, writes timeline 1; 2 exists/),
  });
  expect(await rowsOnOldPrimary(lab)).toEqual([]);
});
