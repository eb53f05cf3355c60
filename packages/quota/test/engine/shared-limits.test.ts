import { describe, expect, it } from '@jest/globals';
import { settle } from '@unite/shared/testing';
import { concurrencyLimit, quotaLimit, rateLimit } from '../../src';
import { acme, oneCall, openQuota, openRemote } from '../support/open-quota';

const everyone = (limit: number) => ({
  everyone: { callsOfAll: quotaLimit({ of: 'apiCalls', per: 'day', limit }) },
});
const address = { address: { perAddress: rateLimit({ of: 'apiCalls', limit: 2, windowMs: 1_000 }) } };
const globex = { ...oneCall, tenantId: 'globex' };

async function used(quota: ReturnType<typeof openQuota>['quota'], tenantId = 'acme') {
  return (await quota.usage(tenantId, acme)).limits[0]?.used;
}

describe('shared limits', () => {
  it('charge both or none, and name who refuses', async () => {
    const { quota } = openQuota({ shared: everyone(3) });
    for (const _ of [1, 2, 3]) expect((await quota.check(oneCall)).allowed).toBe(true);
    const refused = await quota.check(globex);
    expect(refused).toMatchObject({ allowed: false, violated: ['callsOfAll'], sufficientPlan: undefined });
    expect(refused.limits.map(({ name }) => name)).toEqual([
      'apiCallsPerDay',
      'aiTokensPerDay',
      'callsOfAll',
    ]);
    expect(await used(quota, 'globex')).toBe(0);
    expect(await used(quota)).toBe(3);
  });

  it('are asked for whom the call names, and for nobody else', async () => {
    const { quota } = openQuota({ shared: address });
    const from = (whom: string) => ({ ...oneCall, for: { address: whom } });
    expect((await quota.check(from('192.0.2.1'))).limits).toHaveLength(3);
    await quota.check(from('192.0.2.1'));
    expect((await quota.check({ ...from('192.0.2.1'), tenantId: 'globex' })).violated).toEqual([
      'perAddress',
    ]);
    expect((await quota.check(from('192.0.2.2'))).allowed).toBe(true);
    expect((await quota.check(oneCall)).limits).toHaveLength(2);
    await expect(quota.check({ ...oneCall, for: { adress: '192.0.2.1' } })).rejects.toMatchObject({
      code: 'UNITE_QUOTA_KEY_INVALID',
    });
    await expect(quota.check(from('a\nb'))).rejects.toMatchObject({ code: 'UNITE_QUOTA_KEY_INVALID' });
  });

  it('are missed where a call names someone and there are none', async () => {
    const { quota } = openQuota();
    await expect(quota.check({ ...oneCall, for: { address: '192.0.2.1' } })).rejects.toMatchObject({
      code: 'UNITE_QUOTA_KEY_INVALID',
    });
  });

  it('undo what one part has charged when the other cannot be asked', async () => {
    const { quota, store } = openRemote({ shared: everyone(100) });
    store.fault = ({ subject }) => (subject === 'everyone:' ? 'fail' : undefined);
    await expect(quota.check(oneCall)).rejects.toMatchObject({
      code: 'UNITE_QUOTA_UNAVAILABLE',
      status: 503,
    });
    store.fault = () => undefined;
    expect(await used(quota)).toBe(0);
    store.fault = ({ subject }) => (subject === 'tenant:acme' ? 'fail' : undefined);
    await expect(quota.check({ ...oneCall, idempotencyKey: 'k' })).rejects.toMatchObject({ status: 503 });
    store.fault = () => undefined;
    expect((await quota.check(oneCall)).limits.at(-1)?.remaining).toBe(99);
  });

  it('keep what cannot be given back, rather than give it away', async () => {
    const { quota, store } = openRemote({ shared: everyone(100) });
    store.fault = ({ subject, method }) =>
      subject === 'everyone:' || method === 'adjust' ? 'fail' : undefined;
    await expect(quota.check(oneCall)).rejects.toMatchObject({ status: 503 });
    store.fault = () => undefined;
    expect(await used(quota)).toBe(1);
  });

  it('charge a key once for its tenant, and do not take another tenant for it', async () => {
    const { quota } = openQuota({ shared: everyone(100) });
    const key = { idempotencyKey: 'same' };
    expect((await quota.check({ ...oneCall, ...key })).isRepeated).toBe(false);
    expect(await quota.check({ ...oneCall, ...key })).toMatchObject({ allowed: true, isRepeated: true });
    expect((await quota.check({ ...globex, ...key })).isRepeated).toBe(false);
    const other = await quota.check({ ...globex, tenantId: 'other', use: { apiCalls: 2 }, ...key });
    expect(other).toMatchObject({ isRepeated: false, allowed: true });
    expect(other.limits.at(-1)?.remaining).toBe(96);
    await expect(quota.check({ ...oneCall, use: { apiCalls: 9 }, ...key })).rejects.toMatchObject({
      code: 'UNITE_QUOTA_KEY_REUSED',
    });
    expect((await quota.check(globex)).limits.at(-1)?.remaining).toBe(95);
  });

  it('charge a refused key when it comes again and may pass', async () => {
    const { quota, clock } = openQuota({ shared: address });
    const request = { ...acme, use: { apiCalls: 2 }, for: { address: '192.0.2.1' } };
    expect((await quota.check(request)).allowed).toBe(true);
    const again = { ...request, idempotencyKey: 'k' };
    expect((await quota.check(again)).violated).toEqual(['perAddress']);
    expect(await used(quota)).toBe(2);
    await clock.advance(1_000);
    expect(await quota.check(again)).toMatchObject({ allowed: true, isRepeated: false });
    expect(await used(quota)).toBe(4);
    await clock.advance(1_000);
    expect((await quota.check(again)).isRepeated).toBe(true);
    expect((await quota.check(request)).allowed).toBe(true);
    expect(await used(quota)).toBe(6);
  });

  it('name the own limits too that refuse a key', async () => {
    const { quota } = openQuota({ shared: everyone(5) });
    const decision = await quota.check({ ...acme, use: { apiCalls: 11 }, idempotencyKey: 'k' });
    expect(decision.violated).toEqual(['apiCallsPerDay', 'callsOfAll']);
  });

  it('give each tenant a place of its own for one key, and the place back', async () => {
    const { quota } = openQuota({
      shared: { everyone: { atOnce: concurrencyLimit({ of: 'apiCalls', limit: 2 }) } },
    });
    const hold = await quota.reserve({ ...oneCall, idempotencyKey: 'k' });
    const other = await quota.reserve({ ...globex, idempotencyKey: 'k' });
    await expect(quota.reserve({ ...oneCall, tenantId: 'third' })).rejects.toMatchObject({
      code: 'UNITE_QUOTA_EXCEEDED',
    });
    const same = await quota.reserve({ ...oneCall, idempotencyKey: 'k' });
    expect(same.decision.isRepeated).toBe(true);
    await other.release();
    const third = await quota.reserve({ ...oneCall, tenantId: 'third' });
    await expect(quota.reserve(globex)).rejects.toMatchObject({ code: 'UNITE_QUOTA_EXCEEDED' });
    await Promise.all([hold.release(), third.release()]);
    expect((await quota.usage('third', acme)).limits[0]?.used).toBe(0);
    await quota.reserve(globex);
    await quota.reserve(globex);
  });

  it('do not remember a refusal for long that another refusal has undone', async () => {
    const { quota, store, clock } = openRemote({ shared: everyone(2) });
    await quota.check({ ...globex, use: { apiCalls: 2 } });
    // While the undo is on its way, the tenant's own counter stands at its limit.
    store.fault = ({ method }) => (method === 'adjust' ? 'hang' : undefined);
    const undone = quota.check({ ...acme, use: { apiCalls: 10 } });
    await settle();
    expect((await quota.check(oneCall)).violated).toEqual(['apiCallsPerDay', 'callsOfAll']);
    store.fault = () => undefined;
    store.resume();
    await undone;
    expect((await quota.check(oneCall)).violated).toEqual(['apiCallsPerDay']);
    await clock.advance(1_000);
    expect((await quota.check(oneCall)).violated).toEqual(['callsOfAll']);
  });
});
