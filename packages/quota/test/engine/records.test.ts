import { describe, expect, it } from '@jest/globals';
import { QuotaError, quotaLimit } from '../../src';
import { FaultyStore } from '../support/faulty-store';
import { acme, dayMs, noon, openQuota, openRemote } from '../support/open-quota';

const calls = (apiCalls: number) => ({ ...acme, use: { apiCalls } });
const key = { idempotencyKey: 'k' };

describe('record', () => {
  it('charges whatever the limits say', async () => {
    const { quota } = openQuota();
    await quota.record(calls(25));
    expect((await quota.usage('acme', acme)).limits[0]).toMatchObject({ used: 25, state: 'blocked' });
    expect((await quota.check(calls(1))).allowed).toBe(false);
  });

  it('charges a key once, everywhere, and refuses it for something else', async () => {
    const everyone = { all: quotaLimit({ of: 'apiCalls', per: 'day', limit: 100 }) };
    const { quota } = openQuota({ shared: { everyone } });
    for (const _ of [1, 2, 3]) await quota.record({ ...calls(4), ...key });
    await quota.record({ ...calls(4), ...key, tenantId: 'globex' });
    expect((await quota.check(calls(1))).limits.map(({ remaining }) => remaining)).toEqual([5, 100, 91]);
    await expect(quota.record({ ...calls(5), ...key })).rejects.toMatchObject({
      code: 'UNITE_QUOTA_KEY_REUSED',
    });
    await expect(quota.check({ ...calls(4), ...key })).rejects.toMatchObject({
      code: 'UNITE_QUOTA_KEY_REUSED',
    });
    expect(quota.statistics().reusedIds).toBe(2);
  });

  it('charges in the period of the store, whose clock is ahead', async () => {
    const store = new FaultyStore({
      wallMs: () => noon + dayMs,
      monotonicMs: () => 1,
      sleep: async () => undefined,
    });
    const { quota } = openRemote({ store });
    await quota.record({ ...calls(4), ...key });
    expect(await quota.usage('acme', acme)).toMatchObject({ atMs: noon + dayMs, limits: [{ used: 4 }, {}] });
  });

  it('owes where the store changes its time again and again', async () => {
    const { quota, store, clock } = openRemote();
    const { decide } = store;
    let nowUs = noon * 1_000;
    Object.assign(store, {
      decide: async () => {
        nowUs += dayMs * 1_000;
        return { outcome: 'period', nowUs };
      },
    });
    await quota.record({ ...calls(4), ...key });
    expect(quota.statistics()).toMatchObject({ waiting: 1, lost: 0 });
    Object.assign(store, { decide });
    await clock.advance(1_000);
    expect(quota.statistics()).toMatchObject({ waiting: 0, lost: 0 });
  });

  it('and usage hand on what is wrong with the question', async () => {
    const { quota, store } = openRemote();
    store.fault = () => 'fail';
    store.failure = new QuotaError('UNITE_QUOTA_KEY_INVALID', 'no such key');
    await expect(quota.usage('acme', acme)).rejects.toBe(store.failure);
    await expect(quota.record(calls(1))).rejects.toBe(store.failure);
  });
});

describe('QuotaError', () => {
  it('tells a client its status, and nothing of stores and keys', () => {
    const problem = (error: QuotaError) =>
      (error as unknown as { readonly [key: symbol]: unknown })[Symbol.for('unite.problem')];
    const plain = { type: 'about:blank' };
    const error = new QuotaError('UNITE_QUOTA_PLAN_UNKNOWN', 'secret', { cause: 1 });
    expect(problem(error)).toEqual({ ...plain, status: 500, title: 'Internal Server Error' });
    expect([error.name, error.cause, error.digest]).toEqual([
      'QuotaError',
      1,
      'unite;UNITE_QUOTA_PLAN_UNKNOWN;500',
    ]);
    const closed = new QuotaError('UNITE_QUOTA_CLOSED', 'x', { retryAfterMs: 1_500 });
    expect(problem(closed)).toMatchObject({ status: 503, headers: { 'Retry-After': '2' } });
    expect(problem(new QuotaError('UNITE_QUOTA_CLOSED', 'x'))).toMatchObject({
      headers: { 'Retry-After': '1' },
    });
    expect([QuotaError.isInstance(error), QuotaError.isInstance({}), QuotaError.isInstance(null)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
