// Compiled by `npm run typecheck`, never run: what must be a type error, and what must not.
import express from 'express';
import { Cluster as IoCluster, Redis } from 'ioredis';
import pg from 'pg';
import { createClient, createClientPool, createCluster, createSentinel } from 'redis';
import {
  concurrencyLimit,
  createAuthLimiter,
  createQuota,
  type Decision,
  definePlans,
  type Hold,
  memoryStore,
  type Quota,
  type QuotaDecisionMessage,
  QuotaError,
  type QuotaErrorCode,
  type QuotaLedger,
  type QuotaStore,
  type QuotaUseMessage,
  quotaLimit,
  rateLimit,
  type Settlement,
  type UsageDocument,
  type UsageReport,
} from '../src';
import { calculateCost, definePrices, formatUsd } from '../src/cost';
import { quotaMiddleware, usageMiddleware } from '../src/express';
import { createClientKey } from '../src/key';
import { usageHandler, withQuota } from '../src/next';
import { postgresLedger } from '../src/postgres';
import { redisStore } from '../src/redis';
import { checkQuotaStore } from '../src/testing';

// As in the readme: names of plans are found by inference.
const plans = definePlans({
  free: {
    apiCallsPerDay: 1_000,
    costUsdPerMonth: '1.50',
    burst: rateLimit({ of: 'apiCalls', limit: 60, windowMs: 60_000 }),
    exportsAtOnce: concurrencyLimit({ of: 'exports', limit: 1 }),
    contactsMax: 100,
    monthlyPriceUsd: 0,
  },
  pro: {
    apiCallsPerDay: quotaLimit({ of: 'apiCalls', per: 'day', limit: 100_000, grace: 0.1, overage: true }),
    costUsdPerMonth: null,
    burst: null,
    exportsAtOnce: null,
    contactsMax: null,
    costPerToken: 0.000015,
  },
});
plans.names satisfies readonly ('free' | 'pro')[];
// @ts-expect-error a limit that is true
definePlans({ free: { apiCallsPerDay: true } });
// @ts-expect-error a period that does not exist
quotaLimit({ of: 'apiCalls', per: 'fortnight', limit: 1 });
// @ts-expect-error a rate needs a window
rateLimit({ of: 'apiCalls', limit: 1 });
// @ts-expect-error a policy that does not exist
quotaLimit({ of: 'apiCalls', per: 'day', limit: 1, whenStoreFails: 'local' });

const prices = definePrices({
  version: '2026-11',
  models: { 'small-1': { inputPerMillionUsd: 0.15, outputPerMillionUsd: '0.60' } },
});
calculateCost(prices, { model: 'small-1', inputTokens: 1, outputTokens: 1 }).costNanoUsd satisfies
  | bigint
  | undefined;
// @ts-expect-error billionths are a bigint
formatUsd(5);

const quota = createQuota({
  plans,
  prices,
  store: redisStore(createClient(), { timeoutMs: 50 }),
  ledger: postgresLedger(new pg.Pool()),
  durability: 'ledger',
  shared: { address: { perAddress: rateLimit({ of: 'apiCalls', limit: 100, windowMs: 60_000 }) } },
  termsOf: async () => ({ plan: 'pro', timeZone: 'Europe/Berlin', billingAnchor: '2026-01-31' }),
});
quota satisfies Quota<'free' | 'pro'>;
quota.check({ tenantId: 'acme', plan: 'free', use: { apiCalls: 1 } }) satisfies Promise<Decision>;
// @ts-expect-error a plan that does not exist
quota.check({ tenantId: 'acme', plan: 'gold', use: { apiCalls: 1 } });
// @ts-expect-error nothing is used
quota.check({ tenantId: 'acme', plan: 'free' });
// @ts-expect-error amounts are numbers
quota.check({ use: { apiCalls: '1' } });
// @ts-expect-error a plan that does not exist
quota.usage('acme', { plan: 'gold' });
// @ts-expect-error a plan that does not exist
quota.replay('acme', 'gold');
// @ts-expect-error a plan that does not exist
createQuota({ plans, termsOf: () => ({ plan: 'gold' }) });
// @ts-expect-error a durability that does not exist
createQuota({ plans, durability: 'redis' });

declare const decision: Decision;
decision.state satisfies 'ok' | 'warn' | 'grace' | 'overage' | 'blocked';
decision.retryAfterMs satisfies number | null;
decision.limits[0]?.remaining satisfies number | null | undefined;
// @ts-expect-error what was decided stays so
decision.allowed = true;

// With work, what it comes to; without, the hold.
quota.reserve({ use: { aiTokens: 1 } }, async (hold) => {
  hold satisfies Hold;
  hold.signal satisfies AbortSignal;
  hold.commit({ model: 'small-1', inputTokens: 1, outputTokens: 1 }) satisfies Promise<Settlement>;
  hold.commit({ use: { apiCalls: 2 } });
  // @ts-expect-error no amount
  hold.commit({ use: { apiCalls: null } });
  return 'text';
}) satisfies Promise<string>;
quota.reserve({ use: { aiTokens: 1 }, expiresInMs: 5_000, onError: 'charge' }) satisfies Promise<Hold>;
// @ts-expect-error a way to settle that does not exist
quota.reserve({ use: { aiTokens: 1 }, onTimeout: 'refund' });

quota.usage('acme') satisfies Promise<UsageReport>;
declare const transaction: pg.PoolClient;
quota.claimResource(transaction, 'contacts', { tenantId: 'acme', count: async () => 3 });
// @ts-expect-error who counts in a transaction does not say how many there are
quota.claimResource(transaction, 'contacts', { current: 3, count: async () => 3 });

// Every client, without a cast.
redisStore(createClientPool());
redisStore(createCluster({ rootNodes: [] }));
redisStore(createSentinel({ name: 'main', sentinelRootNodes: [] }));
redisStore(new Redis({ lazyConnect: true }));
redisStore(new IoCluster([]));
redisStore({ send: async () => null }) satisfies QuotaStore;
// @ts-expect-error no client
redisStore({ url: 'redis://' });
// @ts-expect-error no pool
postgresLedger('postgres://');
declare const ledger: QuotaLedger;
createQuota({ plans, ledger, store: memoryStore() });
checkQuotaStore(() => ({ store: memoryStore() }));

const clientKey = createClientKey({ trustedProxies: 1 });
const app = express();
app.use('/api', quotaMiddleware({ quota, for: { address: clientKey } }));
app.post(
  '/score',
  quotaMiddleware({ quota, use: (request: express.Request) => ({ aiTokens: Number(request.body.length) }) }),
);
app.get('/usage', usageMiddleware(quota));
withQuota(quota, { for: { address: clientKey } })(async () => new Response(), { quota: false });
usageHandler(quota)(new Request('http://localhost')) satisfies Promise<Response>;
declare const document: UsageDocument;
document.cost?.totalUsd satisfies string | undefined;

createAuthLimiter({ store: memoryStore(), account: { freeAttempts: 3 } });
// @ts-expect-error a store is required, so that nobody counts in one process alone by accident
createAuthLimiter({});

declare const error: unknown;
if (QuotaError.isInstance(error)) error.code satisfies QuotaErrorCode;
// @ts-expect-error a code that does not exist
new QuotaError('UNITE_QUOTA_OOPS', 'text');

declare const decided: QuotaDecisionMessage;
decided.by satisfies 'store' | 'denial' | 'local' | 'open' | undefined;
declare const used: QuotaUseMessage;
for (const { costNanoUsd } of used.costs) costNanoUsd satisfies bigint;
// @ts-expect-error what was told stays so
used.tenantId = 'acme';
