import { expect, it } from '@jest/globals';
import type { Fault } from '@unite/services';
import { CommitUnknownError } from '../../src';
import { ask, openLab } from '../../suites/faults/harness/lab';
import { waitUntil } from '../../suites/patroni/harness/wait-until';

/** From the first commit on nobody hears an answer, on no connection. */
function muteFromCommitOn(): Fault {
  let isCommitting = false;
  return {
    mode: 'dropReply',
    whenRequest: (bytes) => {
      isCommitting ||= bytes.includes('COMMIT');
      return isCommitting;
    },
  };
}

it('stays in doubt of a commit when the attempts that were to find out fail', async () => {
  await using lab = await openLab({ hasProxies: true, failover: { timeoutMs: 1_500 } });
  const { db, primary, proxies } = lab;
  for (const replica of lab.replicas) await replica.kill('SIGKILL');
  const [proxy] = proxies;
  await proxy?.set(muteFromCommitOn());

  const transaction = db.transaction((tx) => tx.query(`INSERT INTO ledger VALUES ('doubt', 1)`), {
    idempotencyKey: 'doubt',
  });
  const outcome = transaction.catch((error: unknown) => error);
  await waitUntil(async () => (await ask(primary, 'SELECT id FROM ledger')).length === 1, {
    what: 'the row is there, and nobody has heard of it',
  });
  await proxy?.set('reset');

  // Every further attempt ends with “no primary”, which by itself means that nothing took effect.
  const error = await outcome;
  expect(CommitUnknownError.isInstance(error)).toBe(true);
});

it('finds out as soon as the primary can be asked again', async () => {
  await using lab = await openLab({ hasProxies: true });
  const { db, primary, proxies } = lab;
  const [proxy] = proxies;
  await proxy?.set(muteFromCommitOn());
  let runs = 0;
  const transaction = db.transaction(
    async (tx) => {
      runs += 1;
      await tx.query(`INSERT INTO ledger VALUES ('found', 1)`);
      return 'kept';
    },
    { idempotencyKey: 'found' },
  );
  await waitUntil(async () => (await ask(primary, 'SELECT id FROM ledger')).length === 1, {
    what: 'the row is there, and nobody has heard of it',
  });
  await proxy?.set('reset');
  await proxy?.set('pass');

  expect(await transaction).toBe('kept');
  expect(runs).toBe(1);
  expect(await ask(primary, 'SELECT id FROM ledger')).toHaveLength(1);
});
