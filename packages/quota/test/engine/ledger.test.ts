import { afterEach, describe, expect, it } from '@jest/globals';
import { settle } from '@unite/shared/testing';
import { definePlans, QuotaError, quotaLimit } from '../../src';
import type { QuotaLostMessage } from '../../src/channel-types';
import { listen } from '../support/listen';
import { acme, dayMs, noon, oneCall, openLedgered } from '../support/open-quota';

const unavailable = { code: 'UNITE_QUOTA_UNAVAILABLE', status: 503 };
const reused = { code: 'UNITE_QUOTA_KEY_REUSED', status: 422 };
const soft = definePlans({
  free: { calls: quotaLimit({ of: 'apiCalls', per: 'day', limit: 10, whenStoreFails: 'open' }) },
});
const unhandled: unknown[] = [];
process.on('unhandledRejection', (reason) => unhandled.push(reason));
afterEach(() => expect(unhandled).toEqual([]));

type Opened = ReturnType<typeof openLedgered>;
const calls = (amount: number) => ({ ...acme, use: { apiCalls: amount } });
const used = async ({ quota }: Opened) => (await quota.usage('acme', acme)).limits[0]?.used;

describe.each(['store', 'ledger'] as const)('a ledger, durable in the %s', (durability) => {
  it('has what was used, once, with its route, its cost and its key', async () => {
    const opened = openLedgered({ durability });
    const { quota, ledger } = opened;
    await quota.check({ ...calls(2), route: 'GET /a', idempotencyKey: 'k' });
    const again = { ...calls(2), route: 'GET /a', idempotencyKey: 'k' };
    expect((await quota.check(again)).isRepeated).toBe(true);
    await quota.record(calls(3));
    await settle();
    expect(ledger.written).toMatchObject([
      {
        tenantId: 'acme',
        id: 'key:k',
        kind: 'use',
        occurredAtMs: noon,
        amounts: { apiCalls: 2 },
        route: 'GET /a',
        costs: [],
      },
      { kind: 'record', amounts: { apiCalls: 3 }, fingerprint: '' },
    ]);
    expect(await used(opened)).toBe(5);
    expect(quota.statistics()).toMatchObject({
      allowed: 2,
      rehydrations: 1,
      waiting: 0,
      lost: 0,
      ledger: 'up',
    });
  });

  it('refuses a key that comes with something else', async () => {
    const opened = openLedgered({ durability });
    await opened.quota.check({ ...calls(2), idempotencyKey: 'k' });
    await settle();
    await expect(opened.quota.check({ ...calls(3), idempotencyKey: 'k' })).rejects.toMatchObject(reused);
    expect(await used(opened)).toBe(2);
    expect(opened.quota.statistics().reusedIds).toBe(1);
  });

  it('gives the store its counts back when they are lost, and knows keys from before', async () => {
    const opened = openLedgered({ durability });
    const { quota, store } = opened;
    await quota.check({ ...calls(6), idempotencyKey: 'k' });
    await settle();
    store.loseAll();
    expect((await quota.check(calls(5))).violated).toEqual(['apiCallsPerDay']);
    expect((await quota.check(calls(4))).allowed).toBe(true);
    store.loseAll();
    const again = await quota.check({ ...calls(6), idempotencyKey: 'k' });
    expect(again.allowed).toBe(durability === 'ledger');
    expect(await used(opened)).toBe(10);
    expect(quota.statistics().rehydrations).toBeGreaterThanOrEqual(3);
  });

  it('refuses nobody because of what the store has charged too late, for nobody', async () => {
    const opened = openLedgered({ durability });
    const { quota, store } = opened;
    await quota.check(calls(1));
    await settle();
    store.fault = ({ method }) => (method === 'decide' ? 'lose' : method === 'install' ? 'fail' : undefined);
    await expect(quota.check(calls(6))).rejects.toMatchObject(unavailable);
    await settle();
    store.fault = () => undefined;
    const before = quota.statistics();
    expect(before.waiting).toBe(1);
    const decision = await quota.check(calls(6));
    expect(decision).toMatchObject({ allowed: true, by: 'store' });
    await settle();
    expect(await used(opened)).toBe(7);
    expect(quota.statistics()).toMatchObject({ allowed: 2, denied: 0, waiting: 0 });
    expect((await quota.check(calls(6))).violated).toEqual(['apiCallsPerDay']);
  });

  it('lets nobody pass on counts that are known to be too low', async () => {
    const opened = openLedgered({ durability });
    const { quota, store } = opened;
    const hold = await quota.reserve(calls(2));
    await settle();
    store.fault = ({ method }) => (method === 'settle' || method === 'install' ? 'fail' : undefined);
    await hold.commit({ use: { apiCalls: 9 } });
    await settle();
    store.fault = () => undefined;
    expect(quota.statistics().waiting).toBe(1);
    expect((await quota.check(calls(2))).violated).toEqual(['apiCallsPerDay']);
    expect((await quota.check(calls(1))).allowed).toBe(true);
    await settle();
    expect(await used(opened)).toBe(10);
    expect(quota.statistics().waiting).toBe(0);
  });

  it('does not admit a call more than the limit, while counts are lost in between', async () => {
    const opened = openLedgered({ durability });
    const { quota, store, ledger } = opened;
    let admitted = 0;
    for (const turn of Array.from({ length: 8 }).keys()) {
      const decisions = await Promise.all(Array.from({ length: 3 }, () => quota.check(oneCall)));
      admitted += decisions.filter(({ allowed }) => allowed).length;
      await settle();
      if (turn % 2 === 0) store.loseAll();
    }
    expect(admitted).toBe(10);
    expect(ledger.sum('acme', 'apiCalls')).toBe(10);
  });

  it('takes the sums of the period in which the store is, though this clock is behind', async () => {
    const opened = openLedgered({ durability });
    const { quota, store, ledger } = opened;
    // Another process was at work there, on the same ledger.
    const inADay = {
      wallMs: () => noon + dayMs / 2 + 1_000,
      monotonicMs: () => 1,
      sleep: async () => undefined,
    };
    const there = openLedgered({ durability, clock: inADay, ledger, store });
    store.fault = () => undefined;
    Object.assign(opened.clock, { wallMs: () => noon + dayMs / 2 + 1_000 });
    await there.quota.check(calls(10));
    await settle();
    store.loseAll();
    // This process thinks that it is yesterday.
    const behind = openLedgered({ durability, ledger, store });
    expect((await behind.quota.check(oneCall)).violated).toEqual(['apiCallsPerDay']);
    await quota.close();
  });

  it('says that there is none to ask, and closes what is closed', async () => {
    const { quota, ledger } = openLedgered({ durability });
    ledger.isDown = true;
    await expect(quota.check(oneCall)).rejects.toMatchObject(unavailable);
    await expect(quota.usage('acme', acme)).rejects.toMatchObject(unavailable);
    ledger.isDown = false;
    expect((await quota.check(oneCall)).allowed).toBe(true);
    await settle();
    ledger.isDown = true;
    await expect(quota.usage('acme', acme)).rejects.toMatchObject(unavailable);
  });

  it('has what passed without the store, once it is there, and the store has it again', async () => {
    const opened = openLedgered({ durability, plans: soft });
    const { quota, ledger, store, clock } = opened;
    await quota.check(oneCall);
    store.fault = () => 'fail';
    expect((await quota.check({ ...calls(4), idempotencyKey: 'k' })).by).toBe('open');
    await settle();
    expect((await quota.check({ ...calls(4), idempotencyKey: 'k' })).isRepeated).toBe(
      durability === 'ledger',
    );
    await settle();
    expect(ledger.sum('acme', 'apiCalls')).toBe(5);
    store.fault = () => undefined;
    await clock.advance(2_000);
    expect(await used(opened)).toBe(5);
    expect(quota.statistics()).toMatchObject({ waiting: 0, lost: 0, store: 'up' });
    const other = quota.check({ ...calls(5), idempotencyKey: 'k' });
    if (durability === 'ledger') await expect(other).rejects.toMatchObject(reused);
  });

  it('lets nobody use a key for something else while the store is away', async () => {
    const { quota, store, ledger } = openLedgered({ durability, plans: soft });
    await quota.check({ ...calls(1), idempotencyKey: 'k' });
    await settle();
    store.fault = () => 'fail';
    const other = await quota.check({ ...calls(4), idempotencyKey: 'k' }).catch((error: unknown) => error);
    await settle();
    if (durability === 'ledger') expect(other).toMatchObject(reused);
    else expect(quota.statistics()).toMatchObject({ lost: 1 });
    expect(quota.statistics().reusedIds).toBe(1);
    expect(ledger.sum('acme', 'apiCalls')).toBe(1);
  });

  it('charges shared limits too that passed without the store', async () => {
    const everyone = { all: quotaLimit({ of: 'apiCalls', per: 'day', limit: 50, whenStoreFails: 'open' }) };
    const { quota, store, clock } = openLedgered({ durability, plans: soft, shared: { everyone } });
    await quota.check(oneCall);
    store.fault = () => 'fail';
    for (const _ of [1, 2, 3, 4, 5, 6]) await quota.check(oneCall);
    store.fault = () => undefined;
    await clock.advance(3_000);
    const decision = await quota.check(oneCall);
    // Five were sent, and nobody knows whether they were charged.
    expect(decision.limits.at(-1)?.remaining).toBeLessThanOrEqual(50 - 3);
    expect(quota.statistics().lost + 50 - (decision.limits.at(-1)?.remaining ?? 0)).toBe(8);
  });
});

describe('with durability "store"', () => {
  it('a use is acknowledged before it is written down, and written down when the ledger is back', async () => {
    const health = listen('unite:quota:health');
    const opened = openLedgered();
    const { quota, ledger, clock } = opened;
    await quota.check(oneCall);
    await settle();
    ledger.isDown = true;
    await quota.check(calls(2));
    await settle();
    expect(quota.statistics()).toMatchObject({ waiting: 1, ledger: 'down' });
    await clock.advance(1_500);
    expect(quota.statistics()).toMatchObject({ waiting: 1 });
    ledger.isDown = false;
    await clock.advance(500);
    expect(ledger.sum('acme', 'apiCalls')).toBe(3);
    expect(quota.statistics()).toMatchObject({ waiting: 0, ledger: 'up', rehydrations: 1 });
    health.stop();
    expect(health.heard).toMatchObject([
      { part: 'ledger', state: 'down', error: ledger.failure },
      { part: 'ledger', state: 'up' },
    ]);
  });

  it('an append whose answer was lost is there once, and the counts are looked at again', async () => {
    const opened = openLedgered();
    const { quota, ledger, clock } = opened;
    await quota.check(oneCall);
    await settle();
    ledger.losesAnswers = true;
    await quota.check(calls(2));
    await settle();
    ledger.losesAnswers = false;
    await clock.advance(500);
    expect(ledger.sum('acme', 'apiCalls')).toBe(3);
    expect(await used(opened)).toBe(3);
    expect(quota.statistics()).toMatchObject({ waiting: 0, lost: 0 });
  });

  it('a use that was decided on counts since replaced is written down, and counted again', async () => {
    const opened = openLedgered();
    const { quota, ledger, store, clock } = opened;
    await quota.check(calls(2));
    await settle();
    ledger.holdBack();
    await quota.check(calls(3));
    store.loseAll();
    // Rehydrated without the three, which are on their way.
    expect((await quota.check(calls(1))).allowed).toBe(true);
    ledger.goOn();
    await clock.advance(1_000);
    expect(ledger.sum('acme', 'apiCalls')).toBe(6);
    expect(await used(opened)).toBe(6);
    expect(quota.statistics()).toMatchObject({ waiting: 0, lost: 0 });
  });

  it('what the ledger will never take is lost, and counted', async () => {
    const lost = listen<QuotaLostMessage>('unite:quota:lost');
    const { quota, ledger } = openLedgered();
    await quota.check(oneCall);
    await settle();
    ledger.isDown = true;
    ledger.failure = new QuotaError('UNITE_QUOTA_KEY_INVALID', 'no such key');
    await quota.check(calls(2));
    await settle();
    lost.stop();
    expect(lost.heard).toEqual([{ quota: 'quota', reason: 'refused', use: { apiCalls: 2 } }]);
    expect(quota.statistics()).toMatchObject({ lost: 1, waiting: 0 });
  });

  it('so many wait, and no more; close says what could not be written', async () => {
    const big = definePlans({ free: { apiCallsPerDay: 100_000 } });
    const { quota, ledger, clock } = openLedgered({ plans: big });
    await quota.check(oneCall);
    await settle();
    ledger.holdBack();
    for (const _ of Array.from({ length: 10_002 })) await quota.check(oneCall);
    expect(quota.statistics()).toMatchObject({ waiting: 10_000, lost: 2 });
    const closing = quota.close({ timeoutMs: 100 });
    await clock.advance(100);
    expect(await closing).toEqual({ drained: false, lost: 10_000 });
    expect(ledger.isClosed).toBe(true);
    ledger.goOn();
    await settle();
    expect(quota.statistics()).toMatchObject({ waiting: 0, lost: 10_002 });
  });

  it('close waits for what is on its way, and clears doubts', async () => {
    const { quota, ledger, store } = openLedgered({ plans: soft });
    await quota.check(oneCall);
    await settle();
    ledger.holdBack();
    await quota.check(calls(2));
    store.fault = () => 'fail';
    await quota.check(calls(3));
    store.fault = () => undefined;
    const closing = quota.close();
    await settle();
    ledger.goOn();
    expect(await closing).toEqual({ drained: true, lost: 0 });
    expect(ledger.sum('acme', 'apiCalls')).toBe(6);
    const reply = await store.read({ subject: 'tenant:acme', limits: [], isLedgered: true });
    expect(reply).toMatchObject({ epoch: 2 });
  });

  it('close counts the doubts that it cannot clear', async () => {
    const { quota, ledger, store } = openLedgered({ plans: soft });
    await quota.check(oneCall);
    await settle();
    store.fault = () => 'fail';
    await quota.check(calls(3));
    await settle();
    expect(quota.statistics().waiting).toBe(1);
    expect(await quota.close()).toEqual({ drained: false, lost: 1 });
    expect(quota.statistics()).toMatchObject({ waiting: 0, lost: 1 });
    expect(ledger.sum('acme', 'apiCalls')).toBe(4);
  });

  it('doubts so many tenants, and counts those that it no longer does', async () => {
    const { quota, store, ledger, clock } = openLedgered({ plans: soft });
    store.fault = () => 'fail';
    for (const at of Array.from({ length: 10_001 }).keys()) {
      await quota.check({ ...calls(1), tenantId: `t${at}` });
      if (at % 1_000 === 0) await settle();
    }
    await settle();
    expect(quota.statistics()).toMatchObject({ waiting: 10_000, lost: 1 });
    expect(ledger.written).toHaveLength(10_001);
    store.fault = () => undefined;
    await clock.advance(3_000);
    expect(quota.statistics()).toMatchObject({ waiting: 0, rehydrations: 10_000 });
  });
});

describe('with durability "ledger"', () => {
  const durable = (plans = soft) => openLedgered({ durability: 'ledger', plans });

  it('a use is acknowledged when it is written down', async () => {
    const { quota, ledger } = durable();
    ledger.holdBack();
    let isDone = false;
    const checking = quota.check(oneCall).then((decision) => {
      isDone = true;
      return decision;
    });
    await settle();
    expect(isDone).toBe(false);
    ledger.goOn();
    expect((await checking).allowed).toBe(true);
    expect(ledger.written).toHaveLength(1);
  });

  it('a use that was decided on counts since replaced is decided again', async () => {
    const opened = durable();
    const { quota, ledger, store } = opened;
    await quota.check(calls(7));
    ledger.holdBack();
    const late = quota.check(calls(3));
    await settle();
    store.loseAll();
    const other = quota.check(calls(2));
    await settle();
    ledger.goOn();
    const decisions = await Promise.all([late, other]);
    expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(1);
    expect(ledger.sum('acme', 'apiCalls')).toBe(await used(opened));
    expect(ledger.sum('acme', 'apiCalls')).toBeLessThanOrEqual(10);
  });

  it('is given up where the counts are replaced again and again', async () => {
    const { quota, ledger } = openLedgered({ durability: 'ledger' });
    await quota.check(oneCall);
    ledger.append = async () => 'stale';
    await expect(quota.check(oneCall)).rejects.toMatchObject(unavailable);
    expect(quota.statistics().rehydrations).toBeGreaterThan(2);
  });

  it('where the answer of the ledger is lost a closed limit refuses with 503, and the retry is charged once', async () => {
    const opened = openLedgered({ durability: 'ledger' });
    const { quota, ledger, clock } = opened;
    await quota.check(oneCall);
    ledger.losesAnswers = true;
    const request = { ...calls(4), idempotencyKey: 'k' };
    await expect(quota.check(request)).rejects.toMatchObject(unavailable);
    ledger.losesAnswers = false;
    expect(await quota.check(request)).toMatchObject({ allowed: true, isRepeated: true });
    await clock.advance(1_000);
    expect(await used(opened)).toBe(5);
    expect(ledger.sum('acme', 'apiCalls')).toBe(5);
  });

  it('what was charged before is allowed when it comes again, though nothing is left', async () => {
    const opened = durable();
    const { quota, ledger } = opened;
    const request = { ...calls(10), idempotencyKey: 'k' };
    await quota.check(request);
    expect(await quota.check(request)).toMatchObject({ allowed: true, isRepeated: true, violated: [] });
    await expect(quota.check({ ...calls(9), idempotencyKey: 'k' })).rejects.toMatchObject(reused);
    expect((await quota.check({ ...calls(9), idempotencyKey: 'l' })).allowed).toBe(false);
    ledger.isDown = true;
    await expect(quota.check(request)).rejects.toMatchObject(unavailable);
    expect(quota.statistics()).toMatchObject({ allowed: 2, denied: 1, reusedIds: 1 });
  });

  it('an open limit lets pass while the ledger is away, and is written down later', async () => {
    const opened = durable();
    const { quota, ledger, clock } = opened;
    await quota.check(oneCall);
    ledger.isDown = true;
    expect((await quota.check(calls(2))).allowed).toBe(true);
    await quota.record(calls(3));
    expect(quota.statistics().waiting).toBeGreaterThanOrEqual(2);
    ledger.isDown = false;
    await clock.advance(1_500);
    expect(ledger.sum('acme', 'apiCalls')).toBe(6);
    expect(await used(opened)).toBe(6);
    expect(quota.statistics()).toMatchObject({ waiting: 0, lost: 0 });
  });

  it('hands on what the ledger will never take', async () => {
    const { quota, ledger } = durable();
    await quota.check(oneCall);
    ledger.isDown = true;
    ledger.failure = new QuotaError('UNITE_QUOTA_AMOUNT_INVALID', 'no such amount');
    await expect(quota.check(oneCall)).rejects.toBe(ledger.failure);
  });

  it('a record is a fact: it is written under any epoch, once for its key', async () => {
    const opened = durable();
    const { quota, ledger, store, clock } = opened;
    const told = listen('unite:quota:use');
    await quota.record({ ...calls(2), idempotencyKey: 'k' });
    await quota.record({ ...calls(2), idempotencyKey: 'k' });
    await expect(quota.record({ ...calls(3), idempotencyKey: 'k' })).rejects.toMatchObject(reused);
    told.stop();
    expect(told.heard).toHaveLength(1);
    ledger.holdBack();
    const late = quota.record(calls(4));
    await settle();
    store.loseAll();
    await quota.usage('acme', acme);
    ledger.goOn();
    await late;
    store.fault = () => 'fail';
    await quota.record(calls(1));
    store.fault = () => undefined;
    await clock.advance(1_500);
    expect(ledger.sum('acme', 'apiCalls')).toBe(7);
    expect(await used(opened)).toBe(7);
  });

  it('closed limits refuse a record while the ledger is away', async () => {
    const { quota, ledger } = openLedgered({ durability: 'ledger' });
    ledger.isDown = true;
    await expect(quota.record(oneCall)).rejects.toMatchObject(unavailable);
  });
});

describe('what was asked for in vain', () => {
  it('is gathered for a minute and written down, and is in no sum', async () => {
    const { quota, ledger, clock } = openLedgered();
    await quota.check(calls(10));
    for (const _ of [1, 2, 3]) await quota.check(calls(2));
    await clock.advance(60_000);
    await quota.check(calls(1));
    await quota.check({ ...calls(11), tenantId: 'globex' });
    await quota.close();
    const refused = ledger.written.filter(({ kind }) => kind === 'refused');
    expect(refused).toMatchObject([
      { tenantId: 'acme', occurredAtMs: noon, amounts: { apiCalls: 6 }, costs: [] },
      { tenantId: 'acme', occurredAtMs: noon + 60_000, amounts: { apiCalls: 1 } },
      { tenantId: 'globex', amounts: { apiCalls: 11 } },
    ]);
    expect(ledger.sum('acme', 'apiCalls')).toBe(10);
    expect(quota.statistics().rehydrations).toBe(2);
  });

  it('is kept for so many tenants at a time', async () => {
    const { quota, ledger } = openLedgered();
    for (const at of Array.from({ length: 1_001 }).keys()) {
      await quota.check({ ...calls(11), tenantId: `t${at}` });
    }
    await settle();
    expect(ledger.written).toHaveLength(1_000);
  });
});
