import { describe, expect, it } from '@jest/globals';
import { settle } from '@unite/shared/testing';
import { concurrencyLimit, definePlans, quotaLimit, rateLimit } from '../../src';
import { definePrices } from '../../src/cost';
import { FaultyStore } from '../support/faulty-store';
import { acme, dayMs, noon, oneCall, openLedgered, openQuota, openRemote } from '../support/open-quota';

const calls = (apiCalls: number) => ({ ...acme, use: { apiCalls } });
const prices = definePrices({
  version: '1',
  models: {
    dear: { inputPerMillionUsd: 10, outputPerMillionUsd: 20 },
    cheap: { inputPerMillionUsd: 1, outputPerMillionUsd: 1 },
  },
  unitsPerMillionUsd: { apiCalls: 2 },
});

describe('usage', () => {
  it('says what was used, what is left, and where it leads at this pace', async () => {
    const { quota, clock } = openQuota();
    await quota.check(calls(6));
    const report = await quota.usage('acme', acme);
    expect(report).toEqual({
      tenantId: 'acme',
      plan: 'free',
      state: 'ok',
      atMs: noon,
      limits: [
        expect.objectContaining({
          name: 'apiCallsPerDay',
          used: 6,
          remaining: 4,
          startAtMs: noon - dayMs / 2,
          resetAtMs: noon + dayMs / 2,
          forecast: 12,
          exhaustedAtMs: noon + dayMs / 3,
        }),
        expect.objectContaining({ name: 'aiTokensPerDay', used: 0, forecast: 0, exhaustedAtMs: null }),
      ],
      resources: [{ name: 'contacts', limit: 3 }],
      cost: null,
      suggestion: null,
    });
    await quota.check(calls(4));
    const full = await quota.usage('acme', acme);
    expect(full.limits[0]).toMatchObject({ state: 'blocked', remaining: 0, exhaustedAtMs: noon });
    expect(full.state).toBe('blocked');
    await clock.advance(dayMs / 2 + 55 * 60_000);
    await quota.check(calls(1));
    const early = await quota.usage('acme', acme);
    expect(early.limits[0]).toMatchObject({ used: 1, forecast: null, exhaustedAtMs: null, state: 'ok' });
    await clock.advance(5 * 60_000);
    expect((await quota.usage('acme', acme)).limits[0]).toMatchObject({ used: 1, forecast: 24 });
  });

  it('says how bursts, places and soft limits stand', async () => {
    const plans = definePlans({
      free: {
        burst: rateLimit({ of: 'apiCalls', limit: 10, windowMs: 1_000, burst: 4 }),
        any: rateLimit({ of: 'exports', limit: null, windowMs: 1_000 }),
        atOnce: concurrencyLimit({ of: 'jobs', limit: 2 }),
        soft: quotaLimit({ of: 'mails', per: 'day', limit: 10, grace: 0.2 }),
        billed: quotaLimit({ of: 'sms', per: 'day', limit: 10, overage: true }),
      },
    });
    const { quota } = openQuota({ plans });
    await quota.check({ ...acme, use: { apiCalls: 3, exports: 5, mails: 10, sms: 11 } });
    await quota.reserve({ ...acme, use: { jobs: 1 } });
    const { limits } = await quota.usage('acme', acme);
    expect(limits.map(({ used, remaining, state }) => [used, remaining, state])).toEqual([
      [3, 1, 'ok'],
      [0, null, 'ok'],
      [1, 1, 'ok'],
      [10, 0, 'warn'],
      [11, 0, 'overage'],
    ]);
    expect(limits[0]).toMatchObject({ startAtMs: null, forecast: null, exhaustedAtMs: null });
    await quota.check({ ...acme, use: { mails: 2 } });
    expect((await quota.usage('acme', acme)).limits[3]?.state).toBe('blocked');
  });

  it('says what it has cost, by what, where and by which model, and what has no price', async () => {
    const { quota } = openLedgered({ prices });
    await quota.check({ ...calls(3), route: 'GET /a' });
    await quota.record({
      ...acme,
      use: {},
      route: 'GET /b',
      model: { model: 'dear', inputTokens: 10, outputTokens: 5 },
    });
    await quota.record({
      ...acme,
      use: {},
      route: 'GET /b',
      model: { model: 'cheap', inputTokens: 10, outputTokens: 5 },
    });
    await quota.record({ ...acme, use: {}, model: { model: 'new', inputTokens: 7, outputTokens: 0 } });
    await settle();
    const { cost } = await quota.usage('acme', acme);
    expect(cost).toMatchObject({
      startAtMs: Date.UTC(2026, 10),
      endAtMs: Date.UTC(2026, 11),
      totalNanoUsd: 6_000n + 200_000n + 15_000n,
      forecastNanoUsd: (221_000n * 30n * 2n) / 35n,
      unpriced: 1,
      byRoute: [
        { name: 'GET /b', costNanoUsd: 215_000n },
        { name: 'GET /a', costNanoUsd: 6_000n },
      ],
      byModel: [
        { name: 'dear', costNanoUsd: 200_000n },
        { name: 'cheap', costNanoUsd: 15_000n },
        { name: 'new', amount: 7n, costNanoUsd: 0n },
      ],
    });
    expect(cost?.byUnit.map(({ name }) => name)).toEqual([
      'inputTokens',
      'outputTokens',
      'apiCalls',
      'aiTokens',
    ]);
    expect(quota.statistics().unpriced).toBe(1);
  });

  it('asks for the period of the store, whose clock is ahead or behind', async () => {
    for (const byMs of [dayMs, -dayMs]) {
      const there = { wallMs: () => noon + byMs, monotonicMs: () => 1, sleep: async () => undefined };
      const store = new FaultyStore(there);
      const { quota } = openRemote({ store });
      expect((await quota.check(oneCall)).atMs).toBe(noon + byMs);
      const again = openRemote({ store });
      expect(await again.quota.usage('acme', acme)).toMatchObject({
        atMs: noon + byMs,
        limits: [{ used: 1 }, {}],
      });
    }
  });

  it('gives the store its counts back', async () => {
    const { quota, store, ledger } = openLedgered();
    await quota.check(calls(4));
    await settle();
    store.loseAll();
    expect((await quota.usage('acme', acme)).limits[0]?.used).toBe(4);
    store.fault = ({ method }) => (method === 'read' ? 'unknown' : undefined);
    await expect(quota.usage('acme', acme)).rejects.toMatchObject({ code: 'UNITE_QUOTA_UNAVAILABLE' });
    expect(ledger.written).toHaveLength(1);
  });

  it('is refused for tenants and plans that are none', async () => {
    const { quota } = openQuota();
    await expect(quota.usage('a\n', acme)).rejects.toMatchObject({ code: 'UNITE_QUOTA_KEY_INVALID' });
    await expect(quota.usage('acme', { plan: 'gold' })).rejects.toMatchObject({
      code: 'UNITE_QUOTA_PLAN_UNKNOWN',
    });
    await expect(quota.usage('acme')).rejects.toMatchObject({ code: 'UNITE_QUOTA_PLAN_MISSING' });
  });
});
