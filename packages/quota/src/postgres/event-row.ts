import type { CostLine, LedgerEvent, LedgerEventKind } from '../ledger/ledger-types';

/** An event as `…_events` has it. Large integers are text, which nothing on the way can round. */
export interface EventRow {
  readonly tenant_id: string;
  readonly event_id: string;
  readonly kind: LedgerEventKind;
  readonly occurred_at_ms: number | string;
  /** Empty where there is none. */
  readonly route: string;
  readonly amounts: LedgerEvent['amounts'];
  readonly costs: readonly CostRow[];
  readonly price_version: string | null;
  readonly fingerprint: string;
}

interface CostRow extends Omit<CostLine, 'costNanoUsd'> {
  readonly costNanoUsd: string | null;
}

export function eventRow(event: LedgerEvent): EventRow {
  return {
    tenant_id: event.tenantId,
    event_id: event.id,
    kind: event.kind,
    // A store's clock may be finer.
    occurred_at_ms: Math.floor(event.occurredAtMs),
    route: event.route ?? '',
    amounts: event.amounts,
    costs: event.costs.map((line) => ({ ...line, costNanoUsd: line.costNanoUsd?.toString() ?? null })),
    price_version: event.priceVersion ?? null,
    fingerprint: event.fingerprint,
  };
}

export function eventOf(row: EventRow): LedgerEvent {
  return {
    tenantId: row.tenant_id,
    id: row.event_id,
    kind: row.kind,
    occurredAtMs: Number(row.occurred_at_ms),
    amounts: row.amounts,
    costs: row.costs.map((line) => ({
      ...line,
      costNanoUsd: line.costNanoUsd === null ? null : BigInt(line.costNanoUsd),
    })),
    fingerprint: row.fingerprint,
    ...(row.price_version !== null && { priceVersion: row.price_version }),
    ...(row.route !== '' && { route: row.route }),
  };
}
