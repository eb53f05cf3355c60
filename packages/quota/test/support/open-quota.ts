import { manualClock } from '@unite/shared/testing';
import { createQuota, definePlans } from '../../src';
import type { Plans } from '../../src/plan/plan-types';
import type { Quota, QuotaOptions } from '../../src/types';
import { DoubleLedger } from './double-ledger';
import { FaultyStore } from './faulty-store';

/** Noon, in the middle of a month. */
export const noon = Date.UTC(2026, 10, 18, 12);
export const dayMs = 86_400_000;

export const plans = definePlans({
  free: { apiCallsPerDay: 10, aiTokensPerDay: 100, contactsMax: 3, monthlyPriceUsd: 0 },
  pro: { apiCallsPerDay: 1_000, aiTokensPerDay: null, contactsMax: null, monthlyPriceUsd: 49 },
});

/** What a test is about; the rest is the same in all. */
type Given = Partial<QuotaOptions>;

/** A quota in memory with a clock that stands still. */
export function openQuota(given: Given = {}) {
  const clock = manualClock(noon);
  return { clock, quota: open(given, clock) };
}

/** The same on a store that can go wrong. */
export function openRemote(given: Given = {}) {
  const clock = manualClock(noon);
  const store = new FaultyStore(clock);
  return { clock, store, quota: open({ store, ...given }, clock) };
}

/** The same with a ledger. */
export function openLedgered(given: Given = {}) {
  const clock = manualClock(noon);
  const store = new FaultyStore(clock);
  const ledger = new DoubleLedger();
  return { clock, store, ledger, quota: open({ store, ledger, ...given }, clock) };
}

function open(given: Given, clock: NonNullable<QuotaOptions['clock']>): Quota {
  return createQuota<string>({ plans: plans as Plans, clock, context: () => undefined, ...given });
}

export const acme = { tenantId: 'acme', plan: 'free' } as const;
export const oneCall = { ...acme, use: { apiCalls: 1 } } as const;
