import { describe, expect, it } from '@jest/globals';
import { definePlans, rateLimit } from '../../src';
import { acme, dayMs, oneCall, openRemote } from '../support/open-quota';

const calls = (apiCalls: number) => ({ ...acme, use: { apiCalls } });

describe('a refused tenant', () => {
  it('costs the store nothing until it may pass again', async () => {
    const { quota, store, clock } = openRemote();
    await quota.check(calls(10));
    await quota.check(calls(1));
    const asked = store.count('decide');
    for (const _ of Array.from({ length: 50 })) {
      expect(await quota.check(calls(1))).toMatchObject({ allowed: false, by: 'denial' });
      await expect(quota.reserve(calls(1))).rejects.toMatchObject({ code: 'UNITE_QUOTA_EXCEEDED' });
    }
    expect(store.count('decide')).toBe(asked);
    expect(quota.statistics()).toMatchObject({ denied: 101, deniedFromMemory: 100 });
    await clock.advance(dayMs / 2 - 1);
    expect(await quota.check(calls(1))).toMatchObject({ allowed: false, retryAfterMs: 1, by: 'denial' });
    await clock.advance(1);
    expect(await quota.check(calls(1))).toMatchObject({ allowed: true, by: 'store' });
  });

  it('is asked for again when it asks for less, on another plan, with a key, or for something else', async () => {
    const { quota } = openRemote();
    await quota.check(calls(5));
    expect((await quota.check(calls(6))).allowed).toBe(false);
    expect((await quota.check(calls(7))).by).toBe('denial');
    expect((await quota.check(calls(5))).allowed).toBe(true);
    expect((await quota.check(calls(1))).allowed).toBe(false);
    expect((await quota.check({ ...calls(1), plan: 'pro' })).allowed).toBe(true);
    expect(await quota.check({ ...calls(1), idempotencyKey: 'k' })).toMatchObject({
      allowed: false,
      by: 'store',
    });
    expect((await quota.check({ ...acme, use: { aiTokens: 1 } })).allowed).toBe(true);
    expect((await quota.check({ ...oneCall, tenantId: 'globex' })).allowed).toBe(true);
  });

  it('is looked up again soon while a hold is open, for another process may settle it', async () => {
    const { quota, store, clock } = openRemote();
    const other = openRemote({ store, clock });
    const hold = await other.quota.reserve(calls(10));
    expect((await quota.check(calls(1))).allowed).toBe(false);
    await hold.release();
    expect((await quota.check(calls(1))).by).toBe('denial');
    await clock.advance(1_000);
    expect((await quota.check(calls(1))).allowed).toBe(true);
  });

  it('that can never pass is looked up again after a minute', async () => {
    const { quota, store, clock } = openRemote();
    for (const _ of [1, 2, 3]) expect((await quota.check(calls(11))).retryAfterMs).toBeNull();
    expect(store.count('decide')).toBe(1);
    await clock.advance(60_000);
    await quota.check(calls(11));
    expect(store.count('decide')).toBe(2);
  });

  it('of a rate passes as soon as the store would let it', async () => {
    const plans = definePlans({
      free: { burst: rateLimit({ of: 'apiCalls', limit: 10, windowMs: 1_000, burst: 1 }) },
    });
    const { quota, store, clock } = openRemote({ plans });
    await quota.check(oneCall);
    expect((await quota.check(oneCall)).retryAfterMs).toBe(100);
    await clock.advance(99);
    expect(await quota.check(oneCall)).toMatchObject({ by: 'denial', retryAfterMs: 1 });
    await clock.advance(1);
    expect((await quota.check(oneCall)).allowed).toBe(true);
    expect(store.count('decide')).toBe(3);
  });

  it('is one of so many that are remembered', async () => {
    const { quota, store } = openRemote({ maxDenials: 2 });
    const refused = (tenantId: string) => quota.check({ ...calls(11), tenantId });
    for (const tenantId of ['a', 'b', 'c', 'a', 'c']) await refused(tenantId);
    expect(store.count('decide')).toBe(4);
    const none = openRemote({ maxDenials: 0 });
    for (const _ of [1, 2, 3]) await none.quota.check(calls(11));
    expect(none.store.count('decide')).toBe(3);
  });
});
