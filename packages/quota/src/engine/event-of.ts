import { randomUUID } from 'node:crypto';
import type { LedgerEvent, LedgerEventKind } from '../ledger/ledger-types';
import type { Ask, Part } from './ask';
import type { Effect } from './decider';

/** How long an idempotency key is known to the store, in milliseconds; the ledger knows it for ever. */
const rememberMs = 86_400_000;

/** What a request is in the ledger. */
export function eventOf(ask: Ask, kind: LedgerEventKind, id: string, atMs: number): LedgerEvent {
  return {
    tenantId: ask.tenantId,
    id,
    kind,
    occurredAtMs: atMs,
    amounts: ask.use,
    costs: ask.priced.lines,
    priceVersion: ask.priceVersion,
    route: ask.route,
    fingerprint: ask.fingerprint,
  };
}

/** A client's key, a hold, or one of our own: none can be taken for another. */
export function eventIdOf(ask: Ask, { hold }: Effect): string {
  if (hold) return `hold:${hold.id}`;
  return ask.key === undefined ? `use:${randomUUID()}` : `key:${ask.key}`;
}

/** A client's key makes a use take effect once. */
export function once(ask: Ask, effect: Effect): Effect {
  if (ask.key === undefined) return effect;
  return { hold: effect.hold, event: { id: ask.key, fingerprint: ask.fingerprint, rememberMs } };
}

/** The tenant's own part comes first. */
export function tenantPart(ask: Ask): Part {
  return ask.parts[0] as Part;
}
