import { setTimeout as sleep } from 'node:timers/promises';
import type { Finding } from '@unite/core';
import { failed, passed, skipped, warned } from '../finding';
import { NoAnswerError } from '../within';
import type { KnownNode } from './known-node-types';
import { askFinding } from './open-node';

/** The nonce in the primary's log. */
export interface Written {
  readonly lsn: string;
  readonly transactionId: string;
  readonly atMs: number;
}

/** How often a replica is asked whether it has replayed, in milliseconds. */
const pollMs = 20;

/**
 * Writes the nonce into the log of the primary, in one statement, and so behind a transaction pooler too. It needs no
 * table and no rights; being transactional, it is flushed and has a transaction id, by which replicas know it.
 */
export async function writeNonce(
  primary: KnownNode,
  nonce: string,
): Promise<{ readonly written?: Written; readonly finding: Finding }> {
  const { subject, node, facts } = primary;
  const startMs = performance.now();
  try {
    const { lsn, transaction_id } = await node.ask(
      `SELECT pg_logical_emit_message(true, 'unite.verify', $1::text)::text AS lsn, txid_current()::text AS transaction_id`,
      [nonce],
    );
    const atMs = performance.now();
    const written = { lsn: lsn as string, transactionId: transaction_id as string, atMs };
    // Messages are let through where rows are not.
    if (facts.isReadOnly) return { written, finding: readOnlyFinding(subject) };
    const measured = { writtenInMs: Math.round(atMs - startMs), timeline: facts.timeline ?? 0 };
    return { written, finding: passed(subject, `has the nonce in its log at ${written.lsn}`, measured) };
  } catch (error) {
    if (error instanceof NoAnswerError && facts.synchronousStandbys) {
      return {
        finding: failed(
          subject,
          `does not finish a commit within ${error.timeoutMs} ms: it waits for its synchronous standbys (${facts.synchronousStandbys})`,
          'Start a standby of synchronous_standby_names, or take the missing ones out of it.',
        ),
      };
    }
    return { finding: askFinding(subject, error) };
  }
}

function readOnlyFinding(subject: string): Finding {
  return failed(
    subject,
    'takes no rows: default_transaction_read_only is on',
    'Turn it off with ALTER SYSTEM, ALTER DATABASE or ALTER ROLE, whichever has set it.',
  );
}

/** Waits until a replica shows the transaction that the primary wrote. */
export async function followNonce(
  replica: KnownNode,
  written: Written,
  primary: KnownNode,
  maxLagMs: number,
): Promise<Finding> {
  const { subject, facts } = replica;
  if (isBefore(written.lsn, facts.lsn)) return aheadFinding(subject, primary);
  if (facts.timeline !== undefined && facts.timeline !== primary.facts.timeline) {
    return failed(
      subject,
      `follows timeline ${facts.timeline}, and ${primary.name} writes timeline ${primary.facts.timeline}`,
      'Point its primary_conninfo to the primary, with recovery_target_timeline latest.',
    );
  }
  try {
    while (true) {
      const { status, lsn } = await askWhether(replica, written);
      const elapsedMs = Math.round(performance.now() - written.atMs);
      if (status === 'committed') return replayedFinding(replica, elapsedMs);
      if (elapsedMs > maxLagMs) return lateFinding(replica, written, lsn as string, maxLagMs);
      await sleep(pollMs);
    }
  } catch (error) {
    return askFinding(subject, error);
  }
}

/** What a replica is without a primary to follow. */
export function unfollowedFinding(replica: KnownNode): Finding {
  const reason = reasonOf(replica);
  if (reason) return warned(replica.subject, reason.detail, reason.remedy);
  return skipped(replica.subject, 'there is no single primary whose write it could show');
}

/** A transaction whose records have not arrived is an error to `txid_status`, so the position is asked first. */
async function askWhether({ node }: KnownNode, { lsn, transactionId }: Written) {
  return await node.ask(
    `SELECT CASE WHEN pg_last_wal_replay_lsn() >= $1::pg_lsn THEN txid_status($2::bigint) END AS status,
            COALESCE(pg_last_wal_replay_lsn(), '0/0')::text AS lsn`,
    [lsn, transactionId],
  );
}

function aheadFinding(subject: string, primary: KnownNode): Finding {
  return failed(
    subject,
    `has replayed more than ${primary.name} has written: their histories have parted`,
    'Make it anew by pg_rewind or from a base backup of the primary.',
  );
}

function replayedFinding(replica: KnownNode, replayedAfterMs: number): Finding {
  const detail = `shows the nonce's transaction ${replayedAfterMs} ms after its commit`;
  const reason = reasonOf(replica);
  if (reason) return warned(replica.subject, `${detail}, but ${reason.detail}`, reason.remedy);
  return passed(replica.subject, detail, { replayedAfterMs });
}

function lateFinding(replica: KnownNode, written: Written, lsn: string, maxLagMs: number): Finding {
  const behindBytes = Number(position(written.lsn) - position(lsn));
  const reason = reasonOf(replica) ?? {
    detail: `it is ${behindBytes} bytes behind`,
    remedy: 'Look for a long query that holds replay up, for its disk, and for the network between the two.',
  };
  return failed(
    replica.subject,
    `does not show the nonce's transaction ${maxLagMs} ms after its commit: ${reason.detail}`,
    reason.remedy,
    { behindBytes },
  );
}

function reasonOf({ facts }: KnownNode): { readonly detail: string; readonly remedy: string } | undefined {
  if (facts.isPaused) {
    return { detail: 'its replay is paused', remedy: 'Run SELECT pg_wal_replay_resume() on it.' };
  }
  if (facts.isReceiving) return undefined;
  return {
    detail: 'it does not stream from a primary',
    remedy: 'Look at its primary_conninfo, at its slot, and into its log.',
  };
}

function isBefore(one: string, other: string): boolean {
  return position(one) < position(other);
}

/** A log position such as `0/174B790` as a number. */
function position(lsn: string): bigint {
  const [high = '0', low = '0'] = lsn.split('/');
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}
