import { describe, expect, it } from '@jest/globals';
import { settle } from '@unite/shared/testing';
import { concurrencyLimit, definePlans, rateLimit } from '../../src';
import { acme, dayMs, noon, openLedgered, openQuota } from '../support/open-quota';

const monthMs = 30 * dayMs;
const three = definePlans({
  free: { apiCallsPerDay: 10, monthlyPriceUsd: 0 },
  mid: { apiCallsPerDay: 50, monthlyPriceUsd: 10 },
  big: { apiCallsPerDay: 500, monthlyPriceUsd: 50 },
});
const calls = (apiCalls: number, plan = 'free') => ({ ...acme, plan, use: { apiCalls } });

/** A month in which so much was asked for each day. */
async function month(perDay: readonly number[], plan: string) {
  const opened = openLedgered({ plans: three });
  for (const amount of perDay) {
    await opened.quota.check(calls(amount, plan));
    await settle();
    await opened.clock.advance(dayMs);
  }
  await opened.quota.check(calls(0, plan));
  await opened.clock.advance(monthMs);
  return opened;
}

describe('a suggestion', () => {
  it('is the cheapest plan on which the last full period would have passed, with what was refused', async () => {
    const { quota } = await month([5, 40, 3], 'free');
    // What was refused is written down when the gathering ends.
    await quota.check(calls(11));
    await settle();
    expect((await quota.usage('acme', { plan: 'free' })).suggestion).toEqual({
      plan: 'mid',
      reason: 'free refused 1 of 4 in the last billing period (apiCallsPerDay); mid would have refused none.',
    });
    expect((await quota.usage('acme', { plan: 'mid' })).suggestion).toBeNull();
  });

  it('is a cheaper plan where that would have done', async () => {
    const { quota } = await month([5, 40, 3], 'big');
    expect((await quota.usage('acme', { plan: 'big' })).suggestion).toEqual({
      plan: 'mid',
      reason: 'Everything of the last billing period would have passed on mid.',
    });
  });

  it("is nobody's where nothing was used, or no plan would do", async () => {
    const { quota } = openLedgered({ plans: three });
    expect((await quota.usage('acme', { plan: 'big' })).suggestion).toBeNull();
    const busy = await month([400, 200], 'big');
    const day = { startAtMs: noon - dayMs / 2, endAtMs: noon + monthMs };
    expect(await busy.quota.replay('acme', 'mid', day)).toMatchObject({ denied: 2 });
    await busy.quota.check({ ...calls(501, 'big'), tenantId: 'globex' });
    await busy.quota.close();
    await busy.clock.advance(monthMs);
    expect((await busy.quota.usage('globex', { plan: 'big' })).suggestion).toBeNull();
  });

  it('does not keep a report waiting, and is there for the next one', async () => {
    const { quota, ledger, clock } = await month([5, 40, 3], 'big');
    const { events } = ledger;
    let goOn = (): void => undefined;
    const late = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    ledger.events = async function* (...args) {
      await late;
      yield* events.apply(ledger, args);
    };
    const report = quota.usage('acme', { plan: 'big' });
    await clock.advance(1_000);
    expect((await report).suggestion).toBeNull();
    goOn();
    await settle();
    expect((await quota.usage('acme', { plan: 'big' })).suggestion).toMatchObject({ plan: 'mid' });
  });

  it('that failed is looked for again', async () => {
    const { quota, ledger } = await month([5, 40, 3], 'big');
    const { events } = ledger;
    ledger.events = () => {
      throw new Error('gone');
    };
    await expect(quota.usage('acme', { plan: 'big' })).rejects.toMatchObject({
      code: 'UNITE_QUOTA_UNAVAILABLE',
    });
    ledger.events = events;
    expect((await quota.usage('acme', { plan: 'big' })).suggestion).toMatchObject({ plan: 'mid' });
  });
});

describe('a replay', () => {
  it('plays what happened through another plan: settled holds as they came to, refused ones not at all', async () => {
    const { quota, clock } = openLedgered({ plans: three, termsOf: () => ({ plan: 'big' }) });
    const reserve = async (estimate: number, actual: number) => {
      const hold = await quota.reserve(calls(estimate, 'big'));
      await hold.commit({ use: { apiCalls: actual } });
      await settle();
    };
    await reserve(10, 2);
    await reserve(60, 1);
    await quota.record(calls(5, 'big'));
    await quota.check(calls(3, 'big'));
    await settle();
    const period = { startAtMs: noon, endAtMs: noon + dayMs };
    expect(await quota.replay('acme', 'free', period)).toEqual({
      plan: 'free',
      ...period,
      events: 4,
      denied: 1,
      deniedBy: { apiCallsPerDay: 1 },
    });
    await quota.check(calls(1, 'big'));
    await settle();
    // 2 of the first hold, 5, 3: the second hold was refused, and what it gave back is nobody's.
    expect(await quota.replay('acme', 'free', period)).toMatchObject({ events: 5, denied: 2 });
    await clock.advance(monthMs);
    expect(await quota.replay('acme', 'big')).toMatchObject({
      events: 5,
      denied: 0,
      startAtMs: Date.UTC(2026, 10),
    });
  });

  it('leaves places out, and plays the refused against the quotas alone', async () => {
    const plan = (limit: number) => ({
      apiCallsPerDay: limit,
      burst: rateLimit({ of: 'apiCalls', limit: 5, windowMs: 1_000 }),
      atOnce: concurrencyLimit({ of: 'apiCalls', limit: 1 }),
    });
    const { quota } = openLedgered({ plans: definePlans({ free: plan(4), pro: plan(100) }) });
    await quota.check(calls(4));
    for (const _ of [1, 2, 3]) await quota.check(calls(3));
    await quota.close();
    const period = { startAtMs: noon, endAtMs: noon + dayMs };
    expect(await quota.replay('acme', 'pro', period)).toMatchObject({ events: 2, denied: 0 });
    expect(await quota.replay('acme', 'free', period)).toMatchObject({
      denied: 1,
      deniedBy: { apiCallsPerDay: 1 },
    });
  });

  it('needs a ledger, a tenant and a plan', async () => {
    const { quota } = openQuota();
    await expect(quota.replay('acme', 'pro')).rejects.toThrow(
      'replay: what a tenant used is known to a ledger alone',
    );
    await expect(quota.replay('acme', 'gold')).rejects.toMatchObject({ code: 'UNITE_QUOTA_PLAN_UNKNOWN' });
    await expect(quota.replay('', 'pro')).rejects.toMatchObject({ code: 'UNITE_QUOTA_KEY_INVALID' });
  });
});
