import { afterEach, describe, expect, it } from '@jest/globals';
import { settle } from '@unite/shared/testing';
import { concurrencyLimit, definePlans, QuotaError, quotaLimit, rateLimit } from '../../src';
import type { QuotaLostMessage } from '../../src/channel-types';
import { listen } from '../support/listen';
import { acme, dayMs, oneCall, openLedgered, openQuota, openRemote } from '../support/open-quota';

const policies = definePlans({
  free: {
    calls: quotaLimit({ of: 'apiCalls', per: 'day', limit: 100, whenStoreFails: 'open' }),
    paid: quotaLimit({ of: 'exports', per: 'day', limit: 100 }),
    burst: rateLimit({ of: 'pings', limit: 10, windowMs: 1_000 }),
    atOnce: concurrencyLimit({ of: 'jobs', limit: 2 }),
    shared: quotaLimit({ of: 'mails', per: 'day', limit: 10, whenStoreFails: { local: 0.3 } }),
  },
});
const use = (unit: string, amount = 1) => ({ ...acme, use: { [unit]: amount } });
const unavailable = { name: 'QuotaError', code: 'UNITE_QUOTA_UNAVAILABLE', status: 503 };

const unhandled: unknown[] = [];
const note = (reason: unknown): void => void unhandled.push(reason);
process.on('unhandledRejection', note);
afterEach(() => expect(unhandled).toEqual([]));

/** A store that has failed so often that it is left alone. */
async function down(given: Parameters<typeof openRemote>[0] = {}) {
  const opened = openRemote({ plans: policies, ...given });
  opened.store.fault = () => 'fail';
  for (const _ of [1, 2, 3, 4, 5]) await opened.quota.usage('acme', acme).catch(() => undefined);
  expect(opened.quota.statistics().store).toBe('down');
  return opened;
}

async function up({ clock, store }: Awaited<ReturnType<typeof down>>) {
  store.fault = () => undefined;
  await clock.advance(2_000);
}

describe('while the store cannot be asked', () => {
  it('a closed limit refuses with 503 and says when to come again', async () => {
    const { quota } = await down();
    const error = await quota.check(use('exports')).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ ...unavailable, retryAfterMs: 1_000 });
    expect((error as QuotaError & { [key: symbol]: unknown })[Symbol.for('unite.problem')]).toMatchObject({
      status: 503,
      headers: { 'Retry-After': '1' },
    });
    await expect(quota.reserve(use('exports'))).rejects.toMatchObject(unavailable);
    await expect(quota.usage('acme', acme)).rejects.toMatchObject(unavailable);
    // What is closed is not asked: nothing of it is used.
    expect((await quota.check(use('apiCalls'))).allowed).toBe(true);
    expect(quota.statistics()).toMatchObject({ unavailable: 8, denied: 0, admittedWithoutStore: 1 });
  });

  it('a store that throws at once cannot be asked either', async () => {
    const { quota, store } = openRemote({ plans: policies });
    Object.assign(store, {
      decide() {
        throw new Error('no connection was ever made');
      },
    });
    await expect(quota.check(use('exports'))).rejects.toMatchObject({
      ...unavailable,
      message: expect.stringContaining('no connection was ever made'),
    });
  });

  it('what a plan does not limit is not closed', async () => {
    const { quota, store } = openRemote();
    store.fault = () => 'fail';
    const tokens = { tenantId: 'big', plan: 'pro', use: { aiTokens: 5 } };
    expect(await quota.check(tokens)).toMatchObject({ allowed: true, by: 'open' });
    await expect(quota.check({ ...tokens, plan: 'free' })).rejects.toMatchObject({ status: 503 });
  });

  it('an open limit lets pass, and charges when the store is back', async () => {
    const opened = await down();
    const { quota, store } = opened;
    for (const _ of Array.from({ length: 150 })) {
      expect(await quota.check(use('apiCalls'))).toMatchObject({ allowed: true, by: 'open', violated: [] });
    }
    expect(quota.statistics()).toMatchObject({ admittedWithoutStore: 150, waiting: 1, lost: 0 });
    await up(opened);
    expect((await quota.usage('acme', acme)).limits[0]?.used).toBe(150);
    expect(quota.statistics()).toMatchObject({ store: 'up', waiting: 0 });
    expect((await quota.check(use('apiCalls'))).violated).toEqual(['calls']);
    expect(store.count('decide')).toBeGreaterThan(0);
  });

  it('a local limit has its share in this process, exactly, and the right wait', async () => {
    const opened = await down();
    const { quota, clock } = opened;
    const burst = await Promise.all(Array.from({ length: 8 }, () => quota.check(use('pings'))));
    expect(burst.map(({ allowed }) => allowed)).toEqual([...Array(5).fill(true), ...Array(3).fill(false)]);
    expect(burst[0]).toMatchObject({ by: 'local', state: 'ok' });
    expect(burst[0]?.limits[2]?.remaining).toBe(4);
    expect(burst[7]).toMatchObject({ violated: ['burst'], retryAfterMs: 200, state: 'blocked' });
    await clock.advance(199);
    expect((await quota.check(use('pings'))).allowed).toBe(false);
    await clock.advance(1);
    expect((await quota.check(use('pings'))).allowed).toBe(true);
    const mails = await Promise.all(Array.from({ length: 5 }, () => quota.check(use('mails'))));
    expect(mails.filter(({ allowed }) => allowed)).toHaveLength(3);
    expect(quota.statistics().denied).toBe(6);
  });

  it('gives local places back, and what was not used of a local quota', async () => {
    const { quota } = await down();
    const hold = await quota.reserve(use('jobs'));
    await expect(quota.reserve(use('jobs'))).rejects.toMatchObject({ code: 'UNITE_QUOTA_EXCEEDED' });
    await hold.release();
    await quota.reserve(use('jobs'), async () => 'done');
    await quota.reserve(use('mails', 3), async (mail) => mail.commit({ use: { mails: 1 } }));
    expect((await quota.check(use('mails', 2))).allowed).toBe(true);
    expect((await quota.check(use('mails', 1))).allowed).toBe(false);
  });

  it('charges all local limits or none', async () => {
    const { quota } = await down({
      shared: {
        everyone: { all: quotaLimit({ of: 'mails', per: 'day', limit: 4, whenStoreFails: { local: 0.5 } }) },
      },
    });
    expect((await quota.check(use('mails', 3))).violated).toEqual(['all']);
    await expect(quota.reserve(use('mails', 3))).rejects.toMatchObject({ code: 'UNITE_QUOTA_EXCEEDED' });
    expect((await quota.check(use('mails', 2))).allowed).toBe(true);
    expect((await quota.check({ ...use('mails'), tenantId: 'globex' })).violated).toEqual(['all']);
  });

  it('is not fooled by a clock that goes back over midnight', async () => {
    let wallMs = Date.UTC(2026, 10, 18, 0, 0, 1);
    const clock = { wallMs: () => wallMs, monotonicMs: () => 5, sleep: () => new Promise<void>(() => {}) };
    const { quota, store } = openRemote({ plans: policies, clock });
    store.fault = () => 'fail';
    for (const _ of [1, 2, 3]) expect((await quota.check(use('mails'))).allowed).toBe(true);
    wallMs -= 2_000;
    expect((await quota.check(use('mails'))).violated).toEqual(['shared']);
  });

  it('does not charge again what may have been charged, and counts it', async () => {
    const lost = listen<QuotaLostMessage>('unite:quota:lost');
    const opened = openRemote({ plans: policies });
    const { quota, store } = opened;
    store.fault = () => 'lose';
    expect((await quota.check(use('apiCalls', 7))).by).toBe('open');
    await quota.record(use('apiCalls', 7));
    expect(quota.statistics()).toMatchObject({ waiting: 0, lost: 2 });
    lost.stop();
    expect(lost.heard).toEqual([
      { quota: 'quota', reason: 'uncertain', use: { apiCalls: 7 } },
      { quota: 'quota', reason: 'uncertain', use: { apiCalls: 7 } },
    ]);
    await up(opened);
    expect((await quota.usage('acme', acme)).limits[0]?.used).toBe(14);
  });

  it('pays what is owed once, though the answer is lost', async () => {
    const opened = await down();
    const { quota, store, clock } = opened;
    await quota.check(use('apiCalls', 7));
    store.fault = ({ method }) => (method === 'decide' ? 'lose' : 'fail');
    await clock.advance(5_000);
    expect(quota.statistics()).toMatchObject({ waiting: 1 });
    await quota.check(use('apiCalls', 2));
    expect(quota.statistics()).toMatchObject({ waiting: 2 });
    await up(opened);
    await clock.advance(1_000);
    expect((await quota.usage('acme', acme)).limits[0]?.used).toBe(9);
    expect(quota.statistics()).toMatchObject({ waiting: 0 });
  });

  it('pays in the period of the store', async () => {
    const opened = await down();
    const { quota, store, clock } = opened;
    await quota.check(use('apiCalls', 7));
    await clock.advance(dayMs / 2 - 2_500);
    await up(opened);
    expect((await quota.usage('acme', acme)).limits[0]?.used).toBe(7);
    expect(store.count('decide')).toBeGreaterThan(0);
  });

  it('charges nothing to a period that what was used is not in', async () => {
    const opened = await down();
    const { quota, clock } = opened;
    await clock.advance(dayMs / 2 - 300);
    await quota.usage('acme', acme).catch(() => undefined);
    await quota.check(use('apiCalls', 7));
    await clock.advance(300);
    await quota.check(use('apiCalls', 2));
    await up(opened);
    expect((await quota.usage('acme', acme)).limits[0]?.used).toBe(2);
    expect(quota.statistics()).toMatchObject({ waiting: 0, lost: 0 });
  });

  it('owes for so many subjects, and counts the others', async () => {
    const { quota } = await down();
    for (const at of Array.from({ length: 10_002 }).keys()) {
      await quota.check({ ...use('apiCalls'), tenantId: `t${at}` });
    }
    await quota.check({ ...use('apiCalls'), tenantId: 't0' });
    expect(quota.statistics()).toMatchObject({ waiting: 10_000, lost: 2 });
    const report = await quota.close();
    expect(report).toEqual({ drained: false, lost: 10_000 });
    expect(quota.statistics().lost).toBe(10_002);
  });

  it('leaves a store alone that does not answer, and asks it again by and by', async () => {
    const health = listen('unite:quota:health');
    const { quota, store, clock } = await down();
    const asked = store.calls.length;
    for (const _ of [1, 2, 3]) await quota.check(use('exports')).catch(() => undefined);
    expect(store.calls.length).toBe(asked);
    await clock.advance(1_200);
    store.fault = () => 'hang';
    const probe = quota.check(use('exports'));
    await settle();
    expect(store.calls.length).toBe(asked + 1);
    await expect(quota.check(use('exports'))).rejects.toMatchObject(unavailable);
    expect(store.calls.length).toBe(asked + 1);
    store.resume();
    expect((await probe).allowed).toBe(true);
    expect(quota.statistics().store).toBe('up');
    health.stop();
    expect(health.heard).toEqual([
      { quota: 'quota', part: 'store', state: 'down', error: store.failure },
      { quota: 'quota', part: 'store', state: 'up' },
    ]);
  });

  it('hands on what is wrong with the question', async () => {
    const { quota, store } = openRemote({ plans: policies });
    store.fault = () => 'fail';
    store.failure = new QuotaError('UNITE_QUOTA_KEY_INVALID', 'no such key');
    for (const _ of [1, 2, 3, 4, 5, 6]) {
      await expect(quota.check(use('apiCalls'))).rejects.toBe(store.failure);
      await expect(quota.record(use('apiCalls'))).rejects.toBe(store.failure);
    }
    expect(quota.statistics().store).toBe('up');
  });

  it('decides by the policy too where the store loses its counts faster than they can be given', async () => {
    const { quota, store } = openLedgered({ plans: policies });
    store.fault = ({ method }) => (method === 'decide' ? 'unknown' : undefined);
    await expect(quota.check(use('exports'))).rejects.toMatchObject(unavailable);
    expect((await quota.check(use('apiCalls'))).by).toBe('open');
  });
});

describe('close', () => {
  it('charges what is owed, closes the store, and says so', async () => {
    const opened = await down();
    const { quota, store } = opened;
    await quota.check(use('apiCalls', 3));
    store.fault = () => undefined;
    await opened.clock.advance(1_200 - 700);
    const closing = quota.close();
    expect(quota.close()).toBe(closing);
    await opened.clock.advance(0);
    expect(await closing).toMatchObject({ lost: expect.any(Number) });
    expect(store.isClosed).toBe(true);
    for (const call of [
      () => quota.check(oneCall),
      () => quota.reserve(oneCall),
      () => quota.record(oneCall),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: 'UNITE_QUOTA_CLOSED', status: 503 });
    }
  });

  it('ends in time where a store hangs, or fails to close', async () => {
    const { quota, store, clock } = await down();
    await quota.check(use('apiCalls', 3));
    await clock.advance(400);
    store.fault = () => 'hang';
    store.close = () => {
      throw new Error('closed before');
    };
    await clock.advance(800);
    const closing = quota.close({ timeoutMs: 2_000 });
    await clock.advance(2_000);
    expect(await closing).toEqual({ drained: false, lost: 1 });
    store.resume();
    await settle();
  });

  it('has nothing to do where nothing happened', async () => {
    const { quota } = openQuota();
    {
      await using closed = quota;
      await closed.check(oneCall);
    }
    expect(await quota.close()).toEqual({ drained: true, lost: 0 });
  });

  it('loses what comes later, and counts it', async () => {
    const { quota, store } = await down();
    const hold = await quota.reserve(use('apiCalls', 2));
    await quota.close();
    expect(quota.statistics().lost).toBe(1);
    store.fault = () => 'fail';
    await hold.commit({ use: { apiCalls: 5 } });
    expect(quota.statistics()).toMatchObject({ lost: 2, waiting: 0 });
  });
});
