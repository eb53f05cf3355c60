import type { ClusterMethods } from '../../../src';
import type { PatroniMember } from './patroni-member';
import { superuserQuery } from './superuser-query';

/** One write that was tried, and what its caller was told. */
export interface LedgerEntry {
  readonly id: string;
  /** `keyed` has an idempotency key, `plain` is a single statement without one. */
  readonly kind: 'keyed' | 'plain';
  /**
   * - `acknowledged`: it took effect.
   * - `unknown`: it may have.
   * - `refused`: the cluster says that nothing took effect.
   */
  readonly outcome: 'acknowledged' | 'unknown' | 'refused';
  /** Port of the server that took it, from the server itself. */
  readonly port: number | undefined;
  /** On the monotonic clock. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** The cluster's error code, when it was not acknowledged. */
  readonly code: string | undefined;
}

/** How the promises made to the callers compare with what is in the table. */
export interface Audit {
  readonly acknowledged: number;
  readonly unknown: number;
  readonly refused: number;
  /** Acknowledged and not there. */
  readonly lost: number;
  /** There more than once. */
  readonly duplicated: number;
  /** Refused and there all the same. */
  readonly undead: number;
}

/** Without a unique key: a write that took effect twice must show. */
const table = 'CREATE TABLE ledger (id text NOT NULL, port int NOT NULL); CREATE INDEX ON ledger (id)';

/** Makes the table, empty. */
export async function createLedger(db: ClusterMethods & { query(text: string): Promise<unknown> }) {
  await db.query('DROP TABLE IF EXISTS ledger');
  for (const statement of table.split('; ')) await db.query(statement);
}

/** How often each id stands in the table. */
export const idCounts = 'SELECT id, count(*)::int AS count FROM ledger GROUP BY id';

/** Compares the entries with the table, asked of the leader directly. */
export async function audit(leader: PatroniMember, entries: readonly LedgerEntry[]): Promise<Audit> {
  return compareLedger(await superuserQuery<{ id: string; count: number }>(leader, idCounts, 'app'), entries);
}

/** Compares the entries with what {@link idCounts} found. */
export function compareLedger(
  rows: readonly { readonly id: string; readonly count: number }[],
  entries: readonly LedgerEntry[],
): Audit {
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
