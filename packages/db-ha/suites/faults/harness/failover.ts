import { setTimeout as sleep } from 'node:timers/promises';
import type { Audit } from '../../patroni/harness/ledger';
import { startLoad } from '../../patroni/harness/start-load';
import { waitUntil } from '../../patroni/harness/wait-until';
import { auditLedger } from './audit-ledger';
import { ask, openLab, promote } from './lab';

/** What one failover under load showed. */
export interface FailoverFigures extends Audit {
  /** From the kill until the cluster knew that it has no primary. */
  readonly detectedAfterMs: number;
  /** From the end of the promotion until the first write on the new primary was acknowledged. */
  readonly firstWriteAfterMs: number;
  readonly reads: number;
  readonly failedReads: readonly unknown[];
  readonly staleReads: number;
  readonly strangeErrors: readonly unknown[];
  /** Writes found on the old primary that began after it had been killed. */
  readonly writesOnOldPrimary: number;
}

/**
 * Kills the primary under a load of writes and reads, promotes the replica that received most, brings the old
 * primary back, and compares what everybody was told with what is there.
 */
export async function failover(): Promise<FailoverFigures> {
  await using lab = await openLab({ isSynchronous: true });
  const { db, primary, replicas } = lab;
  const load = startLoad(db);
  await waitUntil(() => load.writes.length > 100, { what: 'the load runs' });
  await sleep(Math.random() * 100);

  const killedAtMs = performance.now();
  await primary.kill('SIGKILL');
  const detectedAtMs = await waitUntil(() => db.status().primary === undefined && performance.now(), {
    what: 'the loss is noticed',
    everyMs: 1,
  });
  const { node, promotedAtMs } = await promote(replicas);
  await waitUntil(() => load.acknowledgedBy(node.port).length > 50, { what: 'writes go on' });

  await primary.start();
  await waitUntil(() => db.status().nodes.find(({ name }) => name === primary.name)?.state === 'fenced', {
    what: 'the old primary is fenced',
    explain: () => JSON.stringify(db.status().nodes),
  });
  const writesBefore = load.writes.length;
  await waitUntil(() => load.writes.length > writesBefore + 100, {
    what: 'writes go on beside the old primary',
  });
  await load.stop();

  const onOld = new Set((await ask<{ id: string }>(primary, 'SELECT id FROM ledger')).map(({ id }) => id));
  const { reads, failedReads, staleReads, strangeErrors, writes } = load;
  return {
    ...(await auditLedger(node, writes)),
    detectedAfterMs: detectedAtMs - killedAtMs,
    firstWriteAfterMs: (load.acknowledgedBy(node.port)[0]?.endedAtMs ?? Number.NaN) - promotedAtMs,
    reads: reads.length,
    failedReads,
    staleReads,
    strangeErrors,
    writesOnOldPrimary: writes.filter(({ id, startedAtMs }) => startedAtMs > killedAtMs && onOld.has(id))
      .length,
  };
}
