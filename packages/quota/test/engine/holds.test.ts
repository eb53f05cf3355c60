import { afterEach, describe, expect, it } from '@jest/globals';
import { createContext } from '@unite/core/context';
import { settle } from '@unite/shared/testing';
import { concurrencyLimit, definePlans, QuotaError, quotaLimit, rateLimit } from '../../src';
import { definePrices } from '../../src/cost';
import type { Actual, Hold, Quota, ReserveRequest } from '../../src/types';
import { acme, dayMs, oneCall, openLedgered, openQuota, openRemote } from '../support/open-quota';

const unhandled: unknown[] = [];
process.on('unhandledRejection', (reason) => unhandled.push(reason));
afterEach(() => expect(unhandled).toEqual([]));

const tokens = (amount: number): ReserveRequest => ({ ...acme, use: { aiTokens: amount } });
const used = async (quota: Quota, index = 1) => (await quota.usage('acme', acme)).limits[index]?.used;
const exceeded = { code: 'UNITE_QUOTA_EXCEEDED', status: 429 };

describe('a hold', () => {
  it('charges the estimate, then what was used in truth: less or more', async () => {
    const { quota } = openQuota();
    const less = await quota.reserve(tokens(60));
    expect(await used(quota)).toBe(60);
    expect(await less.commit({ use: { aiTokens: 20 } })).toEqual({
      use: { aiTokens: 20 },
      costNanoUsd: undefined,
      isUnpriced: false,
      isLate: false,
      isRepeated: false,
    });
    expect(await used(quota)).toBe(20);
    const more = await quota.reserve(tokens(10));
    await more.commit({ use: { aiTokens: 500 } });
    expect(await used(quota)).toBe(520);
    await expect(quota.reserve(tokens(1))).rejects.toMatchObject(exceeded);
  });

  it('is settled once, however often and in whatever way', async () => {
    const { quota } = openQuota();
    const hold = await quota.reserve(tokens(60));
    const [first, second, third] = await Promise.all([
      hold.commit({ use: { aiTokens: 20 } }),
      hold.commit({ use: { aiTokens: 90 } }),
      hold.release(),
    ]);
    expect([first.isRepeated, second.isRepeated, third.isRepeated]).toEqual([false, true, true]);
    expect(third.use).toEqual({ aiTokens: 20 });
    expect(await used(quota)).toBe(20);
  });

  it('stays charged at the estimate when nobody settles it, or when that comes too late', async () => {
    const { quota, clock } = openQuota();
    const hold = await quota.reserve({ ...tokens(60), expiresInMs: 1_000 });
    const forgotten = await quota.reserve({ ...tokens(10), expiresInMs: 1_000 });
    await clock.advance(1_000);
    expect(forgotten.signal.reason).toMatchObject({ code: 'UNITE_QUOTA_HOLD_EXPIRED', status: 504 });
    expect(await hold.commit({ use: { aiTokens: 20 } })).toMatchObject({
      isLate: true,
      use: { aiTokens: 60 },
    });
    expect(await used(quota)).toBe(70);
    const late = await quota.reserve({ ...tokens(10), expiresInMs: 1_000 });
    await clock.advance(1_000);
    expect(await late.commit({ use: { aiTokens: 15 } })).toMatchObject({
      isLate: true,
      use: { aiTokens: 15 },
    });
    expect(await used(quota)).toBe(85);
    const released = await quota.reserve({ ...tokens(10), expiresInMs: 1_000 });
    await clock.advance(1_000);
    expect(await released.release()).toMatchObject({ isLate: true, use: { aiTokens: 10 } });
    expect(await used(quota)).toBe(95);
  });

  it('belongs to its period, also when it is settled in the next one', async () => {
    const { quota, clock } = openQuota();
    const hold = await quota.reserve({ ...tokens(60), expiresInMs: dayMs });
    await clock.advance(dayMs / 2);
    await quota.check({ ...acme, use: { aiTokens: 30 } });
    await hold.commit({ use: { aiTokens: 5 } });
    expect(await used(quota)).toBe(30);
  });

  it('has a place, and gives it back when it is settled or expires', async () => {
    const atOnce = definePlans({
      free: {
        jobsAtOnce: concurrencyLimit({ of: 'jobs', limit: 2 }),
        burst: rateLimit({ of: 'jobs', limit: 9, windowMs: 60_000 }),
      },
    });
    const { quota, clock } = openQuota({ plans: atOnce });
    const job = { ...acme, use: { jobs: 1 } };
    const holds = await Promise.all([quota.reserve(job), quota.reserve({ ...job, expiresInMs: 5_000 })]);
    const refused: QuotaError = await quota.reserve(job).then(
      () => Promise.reject(new Error('A third place was given')),
      (error: QuotaError) => error,
    );
    expect(refused).toMatchObject({
      ...exceeded,
      retryAfterMs: 1_000,
      message: 'Plan free refuses: jobsAtOnce',
    });
    expect(refused.decision?.limits[0]).toMatchObject({ remaining: 0, resetAtMs: null, windowMs: null });
    await holds[0].release();
    const next = await quota.reserve(job);
    await expect(quota.reserve(job)).rejects.toMatchObject(exceeded);
    await clock.advance(5_000);
    await quota.reserve(job);
    await next.commit({});
    expect((await quota.usage('acme', acme)).limits[0]?.used).toBe(1);
  });

  it('charges the same whoever crashes: nobody settles, and nothing is given back', async () => {
    const { quota, store, clock } = openRemote();
    await quota.reserve({ ...tokens(60), expiresInMs: 1_000 });
    await quota.close();
    const other = openRemote({ store, clock });
    await clock.advance(60_000);
    expect(await used(other.quota)).toBe(60);
  });

  it.each([
    [0, 'AMOUNT_INVALID'],
    [-1, 'AMOUNT_INVALID'],
    [Number.NaN, 'AMOUNT_INVALID'],
    [dayMs + 1, 'AMOUNT_INVALID'],
    ['1s', 'AMOUNT_INVALID'],
  ])('does not expire in %s', async (expiresInMs, code) => {
    const { quota } = openQuota();
    await expect(quota.reserve({ ...tokens(1), expiresInMs: expiresInMs as number })).rejects.toMatchObject({
      code: `UNITE_QUOTA_${code}`,
    });
    expect(await used(quota)).toBe(0);
  });

  it.each<[string, object, string]>([
    ['a negative amount', { use: { aiTokens: -1 } }, 'AMOUNT_INVALID'],
    ['a unit that is none', { use: { tokens: 1 } }, 'UNIT_UNKNOWN'],
    ['tokens of no model', { inputTokens: 5 }, 'KEY_INVALID'],
    ['a field that is none', { aiTokens: 5 }, 'AMOUNT_INVALID'],
    ['broken tokens', { model: 'm', inputTokens: 0.5 }, 'AMOUNT_INVALID'],
  ])('is not settled by %s', async (_, actual, code) => {
    const { quota } = openQuota();
    const hold = await quota.reserve(tokens(60));
    await expect(hold.commit(actual as Actual)).rejects.toMatchObject({ code: `UNITE_QUOTA_${code}` });
    expect(await used(quota)).toBe(60);
    await hold.commit({ use: { aiTokens: 1 } });
    expect(await used(quota)).toBe(1);
  });

  it('frees a refused tenant at once when it is settled', async () => {
    const { quota } = openQuota();
    const hold = await quota.reserve(tokens(100));
    await expect(quota.reserve(tokens(1))).rejects.toMatchObject(exceeded);
    await hold.release();
    expect((await quota.check({ ...acme, use: { aiTokens: 100 } })).allowed).toBe(true);
  });

  it('that a key has made is the same hold when the key comes again', async () => {
    const { quota } = openQuota();
    const request = { ...tokens(60), idempotencyKey: 'k' };
    const hold = await quota.reserve(request);
    const again = await quota.reserve(request);
    expect([again.id, again.decision.isRepeated]).toEqual([hold.id, true]);
    await hold.commit({ use: { aiTokens: 10 } });
    expect(await again.commit({ use: { aiTokens: 50 } })).toMatchObject({ isRepeated: true });
    expect(await used(quota)).toBe(10);
  });
});

describe('a hold and an outage', () => {
  const lenient = definePlans({
    free: {
      calls: quotaLimit({ of: 'apiCalls', per: 'day', limit: 9, whenStoreFails: 'open' }),
      aiTokensPerDay: 100,
    },
  });

  it.each(['fail', 'unknown'] as const)(
    'owes what was more when the store says "%s", and gets nothing back',
    async (fault) => {
      const { quota, store, clock } = openRemote();
      const [more, less] = [await quota.reserve(tokens(10)), await quota.reserve(tokens(10))];
      store.fault = () => 'fail';
      for (const _ of [1, 2, 3, 4, 5]) await quota.usage('acme', acme).catch(() => undefined);
      if (fault === 'unknown') {
        store.fault = ({ method }) => (method === 'settle' ? 'unknown' : undefined);
        await clock.advance(1_500);
      }
      expect(await more.commit({ use: { aiTokens: 15 } })).toMatchObject({
        use: { aiTokens: 15 },
        isLate: false,
      });
      expect(await less.commit({ use: { aiTokens: 5 } })).toMatchObject({ isLate: false });
      store.fault = () => undefined;
      await clock.advance(3_000);
      expect(await used(quota)).toBe(25);
      expect(quota.statistics()).toMatchObject({ lost: 0, waiting: 0 });
    },
  );

  it('does not charge twice what may have been settled', async () => {
    const { quota, store, clock } = openRemote();
    const hold = await quota.reserve(tokens(10));
    store.fault = () => 'lose';
    await hold.commit({ use: { aiTokens: 15 } });
    store.fault = () => undefined;
    await clock.advance(3_000);
    expect(await used(quota)).toBe(15);
    expect(quota.statistics()).toMatchObject({ lost: 1 });
  });

  it('hands on what is wrong with a settlement', async () => {
    const { quota, store } = openRemote();
    const hold = await quota.reserve(tokens(10));
    store.fault = () => 'fail';
    store.failure = new QuotaError('UNITE_QUOTA_KEY_INVALID', 'no such key');
    await expect(hold.commit({})).rejects.toBe(store.failure);
  });

  it.each(['store', 'ledger'] as const)(
    'is in the ledger what it came to, durable in the %s',
    async (durability) => {
      const opened = openLedgered({ durability, plans: lenient });
      const { quota, ledger, store, clock } = opened;
      const hold = await quota.reserve({ ...tokens(10), idempotencyKey: 'k' });
      const same = await quota.reserve(tokens(10));
      await same.commit({});
      store.fault = () => 'fail';
      await hold.commit({ use: { aiTokens: 15 } });
      const open = await quota.reserve(oneCall);
      await open.release();
      await settle();
      store.fault = () => undefined;
      await clock.advance(3_000);
      expect(await used(quota)).toBe(25);
      expect(await used(quota, 0)).toBe(0);
      expect(ledger.sum('acme', 'aiTokens')).toBe(25);
      expect(ledger.written.map(({ kind, id }) => [kind, id.replace(/[\da-f-]{36}/, '…')])).toEqual([
        ['hold', 'hold:k'],
        ['hold', 'hold:…'],
        ['settle', 'settled:k'],
        ['hold', 'hold:…'],
        ['settle', 'settled:…'],
      ]);
    },
  );

  it('is written down later where the ledger is away, and once though its answer was lost', async () => {
    const opened = openLedgered({ durability: 'ledger', plans: lenient });
    const { quota, ledger, clock } = opened;
    const holds = [await quota.reserve(tokens(10)), await quota.reserve(tokens(10))] as const;
    ledger.isDown = true;
    expect((await holds[0].commit({ use: { aiTokens: 4 } })).isRepeated).toBe(false);
    ledger.isDown = false;
    ledger.losesAnswers = true;
    await holds[1].commit({ use: { aiTokens: 30 } });
    ledger.losesAnswers = false;
    await clock.advance(2_000);
    expect(ledger.sum('acme', 'aiTokens')).toBe(34);
    expect(await used(quota)).toBe(34);
    expect(quota.statistics()).toMatchObject({ lost: 0, waiting: 0 });
  });

  it('settled after its counts were replaced is written under any epoch', async () => {
    const opened = openLedgered({ durability: 'ledger', plans: lenient });
    const { quota, ledger, store, clock } = opened;
    const hold = await quota.reserve(tokens(10));
    store.loseAll();
    await quota.check(oneCall);
    await hold.commit({ use: { aiTokens: 4 } });
    await clock.advance(1_000);
    expect(ledger.sum('acme', 'aiTokens')).toBe(4);
    expect(await used(quota)).toBe(4);
  });

  it('that was settled by another process is repeated', async () => {
    const opened = openLedgered({ durability: 'ledger', plans: lenient });
    const { quota, store, ledger, clock } = opened;
    const other = openLedgered({ durability: 'ledger', plans: lenient, store, ledger, clock });
    const request = { ...tokens(10), idempotencyKey: 'k' };
    const holds = [await quota.reserve(request), await other.quota.reserve(request)] as const;
    await holds[0].commit({ use: { aiTokens: 4 } });
    await clock.advance(1_000);
    store.loseAll();
    expect(await holds[1].commit({ use: { aiTokens: 7 } })).toMatchObject({ isRepeated: true });
    await clock.advance(1_000);
    expect(ledger.sum('acme', 'aiTokens')).toBe(4);
    expect(await used(quota)).toBe(4);
  });
});

describe('work on a hold', () => {
  it('is charged at the estimate where it says nothing else, and its result is handed on', async () => {
    const { quota } = openQuota();
    expect(await quota.reserve(tokens(60), () => 'text')).toBe('text');
    expect(await used(quota)).toBe(60);
    expect(
      await quota.reserve(tokens(30), async (hold) => hold.commit({ use: { aiTokens: 3 } })),
    ).toMatchObject({
      use: { aiTokens: 3 },
    });
    expect(await used(quota)).toBe(63);
  });

  it('that throws is released, or charged where that was asked for', async () => {
    const { quota } = openQuota();
    const failure = new Error('no model');
    const work = async (hold: Hold): Promise<never> => {
      if (hold.decision.limits[1]?.remaining === 0) await hold.commit({ use: { aiTokens: 1 } });
      throw failure;
    };
    await expect(quota.reserve(tokens(60), work)).rejects.toBe(failure);
    expect(await used(quota)).toBe(0);
    await expect(quota.reserve({ ...tokens(60), onError: 'charge' }, work)).rejects.toBe(failure);
    expect(await used(quota)).toBe(60);
    await expect(quota.reserve(tokens(40), work)).rejects.toBe(failure);
    expect(await used(quota)).toBe(61);
    await expect(quota.reserve(tokens(1), 'no function' as never)).rejects.toThrow(TypeError);
    expect(await used(quota)).toBe(61);
  });

  it.each([
    ['charge', 60],
    ['release', 0],
    [undefined, 60],
  ] as const)('whose time is up: %s', async (onTimeout, expected) => {
    const { quota, clock } = openQuota();
    let ended = false;
    const working = quota.reserve({ ...tokens(60), expiresInMs: 1_000, onTimeout }, async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      ended = true;
    });
    const result = expect(working).rejects.toMatchObject({ code: 'UNITE_QUOTA_HOLD_EXPIRED', status: 504 });
    await clock.advance(1_000);
    await result;
    await settle();
    expect(ended).toBe(true);
    expect(await used(quota)).toBe(expected);
  });

  it('that goes on after its time is settled when it ends, or not at all', async () => {
    const { quota, clock } = openQuota();
    let end = (): void => undefined;
    const working = quota.reserve({ ...tokens(60), expiresInMs: 1_000 }, async (hold) => {
      await new Promise<void>((resolve) => {
        end = resolve;
      });
      await hold.commit({ use: { aiTokens: 80 } });
    });
    const result = expect(working).rejects.toMatchObject({ code: 'UNITE_QUOTA_HOLD_EXPIRED' });
    await clock.advance(1_000);
    await result;
    expect(await used(quota)).toBe(60);
    end();
    await settle();
    expect(await used(quota)).toBe(80);
  });

  it('ends with its request', async () => {
    const abort = new AbortController();
    const context = createContext({ requestId: 'r', signal: abort.signal });
    const { quota, clock } = openQuota({ context: () => context });
    const reason = new Error('gone');
    let seen: unknown;
    const working = quota.reserve(tokens(60), async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      seen = signal.reason;
      throw signal.reason;
    });
    await settle();
    abort.abort(reason);
    await expect(working).rejects.toBe(reason);
    await settle();
    expect(seen).toBe(reason);
    expect(await used(quota)).toBe(60);
    expect(clock.sleepers()).toBe(0);
    let began = false;
    const late = quota.reserve(tokens(10), () => {
      began = true;
    });
    await expect(late).rejects.toBe(reason);
    expect([began, await used(quota)]).toEqual([false, 60]);
  });

  it('is not begun where the limit refuses', async () => {
    const { quota } = openQuota();
    let began = false;
    const working = quota.reserve(tokens(101), () => {
      began = true;
    });
    await expect(working).rejects.toMatchObject({
      ...exceeded,
      message: 'Plan free refuses: aiTokensPerDay',
      decision: { allowed: false, sufficientPlan: 'pro', retryAfterMs: null },
      retryAfterMs: undefined,
    });
    expect(began).toBe(false);
  });

  it('keeps its error where the settlement fails too', async () => {
    const { quota, store } = openRemote();
    const failure = new Error('no model');
    const working = quota.reserve(tokens(60), async () => {
      store.fault = () => 'fail';
      store.failure = new QuotaError('UNITE_QUOTA_KEY_INVALID', 'no such key');
      throw failure;
    });
    await expect(working).rejects.toBe(failure);
  });
});

describe('the cost of a hold', () => {
  const prices = definePrices({
    version: '2026-11',
    models: { known: { inputPerMillionUsd: 1, outputPerMillionUsd: 2 } },
  });
  const costly = definePlans({
    free: {
      costUsdPerDay: '0.001',
      aiTokensPerDay: 1_000,
      apiCallsPerDay: 100,
      costPerToken: '0.000003',
      costPerCall: '0.00001',
    },
  });
  const estimate: ReserveRequest = { ...acme, use: { apiCalls: 1, aiTokens: 100 } };

  it('is what the model has used, in place of the estimate', async () => {
    const { quota, ledger } = openLedgered({ plans: costly, prices });
    const hold = await quota.reserve(estimate);
    expect(hold.decision.limits[0]?.remaining).toBe(1_000_000 - 310_000);
    expect(await hold.commit({ model: 'known', inputTokens: 30, outputTokens: 10 })).toMatchObject({
      use: { apiCalls: 1, aiTokens: 40, costNanoUsd: 60_000 },
      costNanoUsd: 60_000n,
      isUnpriced: false,
    });
    await settle();
    expect(ledger.written.at(-1)).toMatchObject({
      kind: 'settle',
      priceVersion: '2026-11',
      amounts: { aiTokens: -60, costNanoUsd: -250_000 },
    });
    const { cost } = await quota.usage('acme', acme);
    expect(cost?.totalNanoUsd).toBe(60_000n);
    expect(
      await quota.check({ ...acme, use: {}, model: { model: 'known', inputTokens: 0, outputTokens: 471 } }),
    ).toMatchObject({ violated: ['costUsdPerDay'] });
  });

  it('is the estimate where the model has no price, and is flagged', async () => {
    const { quota } = openQuota({ plans: costly, prices });
    const hold = await quota.reserve(estimate);
    expect(await hold.commit({ model: 'new', inputTokens: 30 })).toMatchObject({
      use: { apiCalls: 1, aiTokens: 30, costNanoUsd: 310_000 },
      costNanoUsd: 310_000n,
      isUnpriced: true,
    });
    expect(quota.statistics().unpriced).toBe(1);
    expect(await used(quota, 0)).toBe(310_000);
  });

  it('is not lowered after the hold has expired', async () => {
    const { quota, clock } = openQuota({ plans: costly, prices });
    const hold = await quota.reserve({ ...estimate, expiresInMs: 1_000 });
    await clock.advance(1_000);
    expect(await hold.commit({ model: 'known', inputTokens: 30, outputTokens: 10 })).toMatchObject({
      isLate: true,
      use: { apiCalls: 1, aiTokens: 100, costNanoUsd: 310_000 },
      costNanoUsd: 310_000n,
    });
    const more = await quota.reserve({ ...acme, use: { aiTokens: 10 }, expiresInMs: 1_000 });
    await clock.advance(1_000);
    expect(await more.commit({ model: 'known', inputTokens: 100, outputTokens: 100 })).toMatchObject({
      isLate: true,
      use: { aiTokens: 200, costNanoUsd: 300_000 },
    });
    expect(await used(quota, 0)).toBe(610_000);
  });

  it('is nothing when it is released', async () => {
    const { quota, ledger } = openLedgered({ plans: costly, prices });
    const hold = await quota.reserve(estimate);
    expect(await hold.release()).toMatchObject({ use: {}, costNanoUsd: undefined });
    await settle();
    expect((await quota.usage('acme', acme)).cost?.totalNanoUsd).toBe(0n);
    expect(ledger.sum('acme', 'costNanoUsd')).toBe(0);
  });
});
