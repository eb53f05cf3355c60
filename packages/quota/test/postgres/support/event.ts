import type { LedgerEvent } from '../../../src/ledger/ledger-types';

let ids = 0;

/** When events of tests happen: the start of a quarter of an hour. */
export const atMs = Date.UTC(2026, 10, 26, 12);

/** One API call of the tenant `acme`, with an id of its own. */
export function event(given: Partial<LedgerEvent> = {}): LedgerEvent {
  ids += 1;
  return {
    tenantId: 'acme',
    id: `event-${ids}`,
    kind: 'use',
    occurredAtMs: atMs,
    amounts: { apiCalls: 1 },
    costs: [],
    fingerprint: 'f',
    ...given,
  };
}
