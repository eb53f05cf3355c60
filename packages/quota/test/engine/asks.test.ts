import { describe, expect, it } from '@jest/globals';
import { createContext } from '@unite/core/context';
import { definePlans, quotaLimit } from '../../src';
import { definePrices } from '../../src/cost';
import type { TenantTerms, UseRequest } from '../../src/types';
import { acme, dayMs, noon, oneCall, openLedgered, openQuota } from '../support/open-quota';

const code = (name: string) => ({ name: 'QuotaError', code: `UNITE_QUOTA_${name}` });

describe('what is asked', () => {
  const wrong: readonly [string, object, string][] = [
    ['an unknown plan', { plan: 'gold' }, 'PLAN_UNKNOWN'],
    ['a plan that is no name', { plan: null }, 'PLAN_UNKNOWN'],
    ['a plan of the prototype', { plan: 'constructor' }, 'PLAN_UNKNOWN'],
    ['no plan', { plan: undefined }, 'PLAN_MISSING'],
    ['no tenant', { tenantId: undefined }, 'TENANT_MISSING'],
    ['an empty tenant', { tenantId: '' }, 'KEY_INVALID'],
    ['a tenant that is a number', { tenantId: 7 }, 'KEY_INVALID'],
    ['control characters', { tenantId: 'a\u0000b' }, 'KEY_INVALID'],
    ['later control characters', { tenantId: 'a\u0085b' }, 'KEY_INVALID'],
    ['half a surrogate pair', { tenantId: 'a\ud800' }, 'KEY_INVALID'],
    ['a long tenant', { tenantId: 'x'.repeat(256) }, 'KEY_INVALID'],
    ['a long key', { idempotencyKey: 'x'.repeat(241) }, 'KEY_INVALID'],
    ['an empty key', { idempotencyKey: '' }, 'KEY_INVALID'],
    ['a key with a line feed', { idempotencyKey: 'a\nb' }, 'KEY_INVALID'],
    ['a long route', { route: 'x'.repeat(256) }, 'KEY_INVALID'],
    ['a route that is none', { route: 5 }, 'KEY_INVALID'],
    ['no use', { use: undefined }, 'AMOUNT_INVALID'],
    ['an array', { use: [1] }, 'AMOUNT_INVALID'],
    ['a map, which would be free', { use: new Map([['apiCalls', 1]]) }, 'AMOUNT_INVALID'],
    ['a negative amount', { use: { apiCalls: -1 } }, 'AMOUNT_INVALID'],
    ['a fraction', { use: { apiCalls: 0.5 } }, 'AMOUNT_INVALID'],
    ['no number', { use: { apiCalls: Number.NaN } }, 'AMOUNT_INVALID'],
    ['a text', { use: { apiCalls: '1' } }, 'AMOUNT_INVALID'],
    ['nothing of a unit', { use: { apiCalls: undefined } }, 'AMOUNT_INVALID'],
    ['more than a double has', { use: { apiCalls: 2 ** 53 } }, 'AMOUNT_INVALID'],
    ['an infinity', { use: { apiCalls: Number.POSITIVE_INFINITY } }, 'AMOUNT_INVALID'],
    ['a typing mistake', { use: { apicalls: 1 } }, 'UNIT_UNKNOWN'],
    ['a time zone that is none', { timeZone: 'Mars/Base' }, 'CALENDAR_INVALID'],
    ['an anchor that is none', { billingAnchor: '2026-02-31' }, 'CALENDAR_INVALID'],
    ['negative tokens', { model: { model: 'm', inputTokens: -1, outputTokens: 0 } }, 'AMOUNT_INVALID'],
    ['a model without a name', { model: { inputTokens: 1, outputTokens: 0 } }, 'KEY_INVALID'],
    [
      'too many tokens',
      { model: { model: 'm', inputTokens: 2 ** 53 - 1, outputTokens: 1 } },
      'AMOUNT_INVALID',
    ],
  ];

  it.each(wrong)('is refused for %s, and nothing is charged', async (_, part, expected) => {
    const { quota } = openQuota();
    const request = { ...oneCall, ...part } as UseRequest;
    await expect(quota.check(request)).rejects.toMatchObject(code(expected));
    await expect(quota.record(request)).rejects.toMatchObject(code(expected));
    await expect(quota.reserve(request)).rejects.toMatchObject(code(expected));
    expect((await quota.usage('acme', acme)).limits[0]?.used).toBe(0);
    expect(quota.statistics()).toMatchObject({ allowed: 0, denied: 0, unavailable: 0 });
  });

  it('says what it got, and neither the tenant nor the text of a key', async () => {
    const { quota } = openQuota();
    await expect(quota.check({ ...oneCall, idempotencyKey: 'secret\n' })).rejects.toThrow(
      'check: "idempotencyKey" must be 1 to 240 characters without control characters, got 7 characters',
    );
    await expect(quota.check({ ...oneCall, tenantId: 5 as never })).rejects.toThrow(/got 5$/);
    await expect(quota.check({ ...oneCall, plan: 'gold' })).rejects.toThrow(
      'check: no plan is named "gold"; known are free, pro',
    );
    await expect(quota.check({ ...acme, use: { calls: 1 } })).rejects.toThrow(
      'check: nothing limits or prices "calls"; known are apiCalls, aiTokens',
    );
  });

  it('takes tenant, plan and route from the context, and the plan for its tenant alone', async () => {
    const found = createContext({ requestId: 'r', tenantId: 'acme', plan: 'pro', route: 'GET /a' });
    const { quota, ledger } = openLedgered({ context: () => found });
    expect((await quota.check({ use: { apiCalls: 1 } })).plan).toBe('pro');
    expect((await quota.check({ use: { apiCalls: 1 }, plan: 'free' })).plan).toBe('free');
    await expect(quota.check({ tenantId: 'globex', use: { apiCalls: 1 } })).rejects.toMatchObject(
      code('PLAN_MISSING'),
    );
    await quota.close();
    expect(ledger.written.map(({ tenantId, route }) => [tenantId, route])).toEqual([
      ['acme', 'GET /a'],
      ['acme', 'GET /a'],
    ]);
  });

  it('looks up the terms where the call does not say them: at once, later, or from what is like a promise', async () => {
    const terms: TenantTerms = { plan: 'pro', timeZone: 'Asia/Tokyo' };
    // biome-ignore lint/suspicious/noThenProperty: as query builders are
    const query = { then: (resolve: (value: TenantTerms) => void) => resolve(terms) };
    for (const answer of [terms, Promise.resolve(terms), query as Promise<TenantTerms>]) {
      const { quota } = openQuota({ termsOf: () => answer });
      const decision = await quota.check({ tenantId: 'acme', use: { apiCalls: 1 } });
      expect(decision.plan).toBe('pro');
      expect(decision.limits[0]?.resetAtMs).toBe(noon + 3 * 3_600_000);
      const here = await quota.check({ tenantId: 'acme', use: { apiCalls: 1 }, timeZone: 'UTC' });
      expect(here.limits[0]?.resetAtMs).toBe(noon + dayMs / 2);
      expect((await quota.usage('acme')).plan).toBe('pro');
    }
  });

  it('hands on what looking up the terms throws, and refuses terms that are none', async () => {
    const failure = new Error('no database');
    const throws = () => {
      throw failure;
    };
    for (const termsOf of [throws, async () => throws()]) {
      const { quota } = openQuota({ termsOf });
      await expect(quota.check({ tenantId: 'acme', use: { apiCalls: 1 } })).rejects.toBe(failure);
      await expect(quota.usage('acme')).rejects.toBe(failure);
      await expect(quota.checkResource('contacts', { tenantId: 'acme', current: 1 })).rejects.toBe(failure);
    }
    const { quota } = openQuota({ termsOf: () => undefined as never });
    await expect(quota.check({ tenantId: 'acme', use: { apiCalls: 1 } })).rejects.toMatchObject(
      code('PLAN_UNKNOWN'),
    );
  });

  it('refuses a model without a price where cost is limited, by the plan or for everyone', async () => {
    const prices = definePrices({
      version: '1',
      models: { known: { inputPerMillionUsd: 1, outputPerMillionUsd: 2 } },
    });
    const model = { model: 'new', inputTokens: 10, outputTokens: 10 };
    const costly = definePlans({ free: { costUsdPerDay: 1 }, pro: { costUsdPerDay: null } });
    const own = openQuota({ plans: costly, prices });
    await expect(own.quota.check({ ...acme, use: {}, model })).rejects.toMatchObject(code('MODEL_UNPRICED'));
    expect((await own.quota.check({ ...acme, plan: 'pro', use: {}, model })).allowed).toBe(true);
    const everyone = { costOfAll: quotaLimit({ of: 'costNanoUsd', per: 'day', limit: 1_000_000 }) };
    const { quota } = openQuota({ prices, shared: { everyone } });
    await expect(quota.check({ ...acme, use: {}, model })).rejects.toMatchObject(code('MODEL_UNPRICED'));
    const known = await quota.check({ ...acme, use: {}, model: { ...model, model: 'known' } });
    expect(known.limits.at(-1)).toMatchObject({ remaining: 1_000_000 - 30_000 });
  });

  it('refuses a cost that no counter can hold', async () => {
    const costly = definePlans({ free: { costUsdPerDay: 1, costPerCall: 1_000 } });
    const { quota } = openQuota({ plans: costly });
    await expect(quota.check({ ...acme, use: { apiCalls: 10_000_000 } })).rejects.toMatchObject(
      code('AMOUNT_INVALID'),
    );
  });

  it('knows a key again whatever the order, the plan and the price, and refuses another use or another call', async () => {
    const cheap = definePlans({
      free: { costUsdPerDay: 1, apiCallsPerDay: 5, aiTokensPerDay: 5, costPerCall: '0.001' },
      pro: { costUsdPerDay: 9, apiCallsPerDay: 9, aiTokensPerDay: 9, costPerCall: '0.0001' },
    });
    const { quota } = openQuota({ plans: cheap });
    const key = { idempotencyKey: 'k' };
    await quota.check({ ...acme, use: { apiCalls: 1, aiTokens: 2 }, ...key });
    const again = { ...acme, plan: 'pro', use: { aiTokens: 2, apiCalls: 1 }, ...key };
    expect((await quota.check(again)).isRepeated).toBe(true);
    await expect(quota.check({ ...again, use: { apiCalls: 1 } })).rejects.toMatchObject(code('KEY_REUSED'));
    await expect(quota.reserve(again)).rejects.toMatchObject({ ...code('KEY_REUSED'), status: 422 });
    expect(quota.statistics().reusedIds).toBe(2);
  });
});
