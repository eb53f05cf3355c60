import type { PostgresNode } from '@unite/services';
import type { Audit, LedgerEntry } from '../../patroni/harness/ledger';
import { ask } from './lab';

/** Compares what callers were told with what is in the table of `node`. */
export async function auditLedger(node: PostgresNode, entries: readonly LedgerEntry[]): Promise<Audit> {
  const rows = await ask<{ id: string; count: number }>(
    node,
    'SELECT id, count(*)::int AS count FROM ledger GROUP BY id',
  );
  const counts = new Map(rows.map(({ id, count }) => [id, count]));
  const of = (outcome: LedgerEntry['outcome']) => entries.filter((entry) => entry.outcome === outcome);
  return {
    acknowledged: of('acknowledged').length,
    unknown: of('unknown').length,
    refused: of('refused').length,
    lost: of('acknowledged').filter(({ id }) => !counts.has(id)).length,
    duplicated: rows.filter(({ count }) => count > 1).length,
    undead: of('refused').filter(({ id }) => counts.has(id)).length,
  };
}
