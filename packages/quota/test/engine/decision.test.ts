import { describe, expect, it } from '@jest/globals';
import { settle } from '@unite/shared/testing';
import { concurrencyLimit, definePlans, quotaLimit, rateLimit } from '../../src';
import { acme, dayMs, noon, oneCall, openQuota } from '../support/open-quota';

const use = (apiCalls: number) => ({ ...acme, use: { apiCalls } });

describe('a decision', () => {
  it('admits exactly the limit, and charges nothing for a refusal', async () => {
    const { quota } = openQuota();
    const decisions = await Promise.all(Array.from({ length: 25 }, () => quota.check(oneCall)));
    expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(10);
    expect(decisions.at(-1)).toEqual({
      allowed: false,
      atMs: noon,
      state: 'blocked',
      violated: ['apiCallsPerDay'],
      limits: [
        {
          name: 'apiCallsPerDay',
          kind: 'quota',
          unit: 'apiCalls',
          limit: 10,
          remaining: 0,
          resetAtMs: noon + dayMs / 2,
          state: 'blocked',
          windowMs: dayMs,
        },
        {
          name: 'aiTokensPerDay',
          kind: 'quota',
          unit: 'aiTokens',
          limit: 100,
          remaining: 100,
          resetAtMs: noon + dayMs / 2,
          state: 'ok',
          windowMs: dayMs,
        },
      ],
      retryAfterMs: dayMs / 2,
      plan: 'free',
      sufficientPlan: 'pro',
      by: 'denial',
      isRepeated: false,
    });
    expect((await quota.usage('acme', acme)).limits[0]?.used).toBe(10);
    expect(quota.statistics()).toMatchObject({ allowed: 10, denied: 15, deniedFromMemory: 14 });
  });

  it('names every limit that refuses, and charges none of them', async () => {
    const { quota } = openQuota();
    const decision = await quota.check({ ...acme, use: { apiCalls: 11, aiTokens: 101 } });
    expect(decision).toMatchObject({
      allowed: false,
      violated: ['apiCallsPerDay', 'aiTokensPerDay'],
      retryAfterMs: null,
    });
    const one = await quota.check({ ...acme, use: { apiCalls: 10, aiTokens: 101 } });
    expect(one).toMatchObject({ violated: ['aiTokensPerDay'], retryAfterMs: null });
    expect(await quota.check({ ...acme, use: { apiCalls: 10, aiTokens: 100 } })).toMatchObject({
      allowed: true,
      retryAfterMs: 0,
      sufficientPlan: undefined,
    });
  });

  it.each([
    [0.1, 100, 110],
    [0.15, 100, 115],
    [0.29, 100, 129],
    [0.07, 1_000, 1_070],
    [1.1, 10, 21],
  ])('has a grace of %s of %s that ends with %s', async (grace, limit, last) => {
    const graced = definePlans({
      free: { apiCallsPerDay: quotaLimit({ of: 'apiCalls', per: 'day', limit, grace }) },
    });
    const { quota } = openQuota({ plans: graced });
    expect((await quota.check(use(limit))).state).toBe('warn');
    expect((await quota.check(use(last - limit))).state).toBe('grace');
    expect(await quota.check(use(1))).toMatchObject({ allowed: false, state: 'blocked' });
  });

  it('goes from ok through warn and grace to overage, at the borders', async () => {
    const soft = definePlans({
      free: {
        calls: quotaLimit({
          of: 'apiCalls',
          per: 'day',
          limit: 100,
          warnAt: 0.55,
          grace: 0.1,
          overage: true,
        }),
      },
    });
    const { quota } = openQuota({ plans: soft });
    const stateAfter = async (amount: number) => (await quota.check(use(amount))).state;
    expect(await stateAfter(54)).toBe('ok');
    expect(await stateAfter(1)).toBe('warn');
    expect(await stateAfter(45)).toBe('warn');
    expect(await stateAfter(1)).toBe('grace');
    expect(await stateAfter(9)).toBe('grace');
    expect(await stateAfter(1)).toBe('overage');
    expect(await stateAfter(1_000_000)).toBe('overage');
    expect((await quota.check(use(Number.MAX_SAFE_INTEGER))).violated).toEqual(['calls']);
  });

  it('refuses everything where the limit is 0, for ever', async () => {
    const none = definePlans({
      free: {
        apiCallsPerDay: 0,
        burst: rateLimit({ of: 'exports', limit: 0, windowMs: 1_000 }),
        atOnce: concurrencyLimit({ of: 'jobs', limit: 0 }),
      },
      pro: {
        apiCallsPerDay: 0,
        burst: rateLimit({ of: 'exports', limit: 0, windowMs: 1_000 }),
        atOnce: concurrencyLimit({ of: 'jobs', limit: 0 }),
      },
    });
    const { quota } = openQuota({ plans: none });
    for (const unit of ['apiCalls', 'exports', 'jobs']) {
      expect(await quota.check({ ...acme, use: { [unit]: 1 } })).toMatchObject({
        allowed: false,
        retryAfterMs: null,
        sufficientPlan: undefined,
      });
    }
    expect((await quota.check({ ...acme, use: { apiCalls: 0 } })).allowed).toBe(true);
    const { limits, state } = await quota.usage('acme', acme);
    expect(limits.map(({ used, remaining }) => [used, remaining])).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
    expect(state).toBe('blocked');
  });

  it('waits for a burst to come back, and no longer', async () => {
    const rated = definePlans({
      free: { burst: rateLimit({ of: 'apiCalls', limit: 10, windowMs: 1_000, burst: 4 }) },
    });
    const { quota, clock } = openQuota({ plans: rated });
    expect((await quota.check(use(4))).limits[0]).toMatchObject({ remaining: 0, resetAtMs: noon + 400 });
    const refused = await quota.check(use(2));
    expect(refused).toMatchObject({ allowed: false, retryAfterMs: 200 });
    await clock.advance(199);
    expect(await quota.check(use(2))).toMatchObject({ allowed: false, retryAfterMs: 1 });
    await clock.advance(1);
    expect((await quota.check(use(2))).allowed).toBe(true);
    expect(await quota.check(use(5))).toMatchObject({ allowed: false, retryAfterMs: null });
  });

  it('names the cheapest plan on which all of it would have passed', async () => {
    const many = definePlans({
      big: { apiCallsPerDay: 100, aiTokensPerDay: 1_000, monthlyPriceUsd: 100 },
      odd: { apiCallsPerDay: 100, aiTokensPerDay: 1, monthlyPriceUsd: 20 },
      free: { apiCallsPerDay: 10, aiTokensPerDay: 100, monthlyPriceUsd: 0 },
    });
    const { quota } = openQuota({ plans: many });
    const refused = await quota.check({ ...acme, use: { apiCalls: 11, aiTokens: 50 } });
    expect(refused.sufficientPlan).toBe('big');
    expect((await quota.check(use(11))).sufficientPlan).toBe('odd');
    expect((await quota.check(use(101))).sufficientPlan).toBeUndefined();
  });

  it('names no plan whose burst or places would not suffice', async () => {
    const plan = (limit: number | null, places: number | null) => ({
      burst: rateLimit({ of: 'apiCalls', limit, windowMs: 1_000 }),
      atOnce: concurrencyLimit({ of: 'jobs', limit: places }),
    });
    const rated = definePlans({ free: plan(2, 1), mid: plan(3, 1), pro: plan(10, 2), all: plan(null, null) });
    const { quota } = openQuota({ plans: rated });
    await quota.check(use(2));
    expect((await quota.check(use(1))).sufficientPlan).toBe('mid');
    expect((await quota.check(use(2))).sufficientPlan).toBe('pro');
    expect((await quota.check(use(9))).sufficientPlan).toBe('all');
    await quota.reserve({ ...acme, use: { jobs: 1 } });
    expect((await quota.check({ ...acme, use: { jobs: 1 } })).sufficientPlan).toBe('pro');
  });

  it('counts on a plan without limits, and never refuses there', async () => {
    const { quota } = openQuota();
    const pro = { ...acme, plan: 'pro', use: { aiTokens: 1_000_000 } };
    expect((await quota.check(pro)).limits[1]).toMatchObject({ limit: null, remaining: null, state: 'ok' });
    const { limits } = await quota.usage('acme', { plan: 'pro' });
    expect(limits[1]).toMatchObject({ used: 1_000_000, remaining: null, exhaustedAtMs: null });
  });

  it('keeps what was used through a change of plan, up and down', async () => {
    const { quota } = openQuota();
    await quota.check(use(10));
    expect((await quota.check(use(1))).allowed).toBe(false);
    expect((await quota.check({ ...use(20), plan: 'pro' })).limits[0]?.remaining).toBe(970);
    const lowered = await quota.check(oneCall);
    expect(lowered).toMatchObject({ allowed: false, violated: ['apiCallsPerDay'] });
    expect(lowered.limits[0]?.remaining).toBe(0);
    expect((await quota.usage('acme', acme)).limits[0]).toMatchObject({ used: 30, state: 'blocked' });
  });

  it('begins anew with the period, in the time zone of the tenant', async () => {
    const { quota, clock } = openQuota();
    const there = { ...use(10), timeZone: 'Asia/Kolkata' };
    expect((await quota.check(there)).limits[0]?.resetAtMs).toBe(Date.UTC(2026, 10, 18, 18, 30));
    expect(await quota.check(there)).toMatchObject({ allowed: false, retryAfterMs: 6.5 * 3_600_000 });
    await clock.advance(6.5 * 3_600_000 - 1);
    expect((await quota.check(there)).allowed).toBe(false);
    await clock.advance(1);
    expect((await quota.check(there)).allowed).toBe(true);
    await settle();
  });

  it('answers where a plan has resources alone', async () => {
    const { quota } = openQuota({ plans: definePlans({ free: { contactsMax: 1, costPerCall: '0.001' } }) });
    expect(await quota.check(oneCall)).toMatchObject({ allowed: true, limits: [], state: 'ok' });
    expect((await quota.usage('acme', acme)).limits).toEqual([]);
  });
});
