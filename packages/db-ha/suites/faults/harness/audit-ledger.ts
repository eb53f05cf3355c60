import type { PostgresNode } from '@unite/services';
import { type Audit, compareLedger, idCounts, type LedgerEntry } from '../../patroni/harness/ledger';
import { ask } from './lab';

/** Compares what callers were told with what is in the table of `node`. */
export async function auditLedger(node: PostgresNode, entries: readonly LedgerEntry[]): Promise<Audit> {
  return compareLedger(await ask<{ id: string; count: number }>(node, idCounts), entries);
}
