import { definePlans, quotaLimit, rateLimit } from '@unite/quota';
import type { Plan } from './plan-labels';

/**
 * What each plan allows; `null` is no limit. Names say what they are: `contactsMax` is how many there may be, checked
 * in the transaction that adds one; `…PerDay` is a quota that begins anew at midnight UTC; `burst` is how fast.
 *
 * While Redis cannot be asked:
 *
 * - API calls go on. They are how people work here, and what they cost is nothing beside work that stands still. Each
 *   process admits a tenth of the day's calls by its own count, which the ledger then brings back into Redis.
 * - The burst is kept by each process alone, at half the rate (the default for rates).
 * - AI tokens stop, with 503 (the default for quotas): each of them is money, paid to somebody else.
 */
export const plans = definePlans({
  free: {
    monthlyPriceUsd: 0,
    apiCallsPerDay: callsPerDay(1_000),
    burst: callsPerSecond(10, { burst: 50 }),
    aiTokensPerDay: 50_000,
    contactsMax: 100,
    campaignsMax: 5,
    customFieldsMax: 5,
  },
  starter: {
    monthlyPriceUsd: 19,
    apiCallsPerDay: callsPerDay(10_000),
    burst: callsPerSecond(100, { burst: 500 }),
    aiTokensPerDay: 500_000,
    contactsMax: 1_000,
    campaignsMax: 50,
    customFieldsMax: 20,
  },
  pro: {
    monthlyPriceUsd: 99,
    apiCallsPerDay: callsPerDay(100_000),
    burst: callsPerSecond(200, { burst: 1_000 }),
    aiTokensPerDay: 5_000_000,
    contactsMax: 10_000,
    campaignsMax: 500,
    customFieldsMax: 100,
  },
  enterprise: {
    monthlyPriceUsd: 499,
    // Billed by use, so only what protects everybody else is limited: the rate, and what is paid to others.
    apiCallsPerDay: callsPerDay(null),
    burst: callsPerSecond(1_000, { burst: 5_000 }),
    aiTokensPerDay: 50_000_000,
    contactsMax: null,
    campaignsMax: null,
    customFieldsMax: 500,
  },
});

/** What the start page says of a plan. */
export function planTerms(name: Plan): {
  readonly contacts: number | null;
  readonly callsPerDay: number | null;
} {
  const plan = plans.byName.get(name);
  return {
    contacts: plan?.resources.get('contacts') ?? null,
    callsPerDay: plan?.limits.find((limit) => limit.name === 'apiCallsPerDay')?.limit ?? null,
  };
}

function callsPerDay(limit: number | null) {
  return quotaLimit({ of: 'apiCalls', per: 'day', limit, whenStoreFails: { local: 0.1 } });
}

function callsPerSecond(limit: number, { burst }: { readonly burst: number }) {
  return rateLimit({ of: 'apiCalls', limit, windowMs: 1_000, burst });
}
