import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import type { LedgerEvent } from '../../src/ledger/ledger-types';
import { type PgPoolLike, postgresLedger, quotaLedgerSql } from '../../src/postgres';
import { atMs, event } from './support/event';
import { startDatabase, type TestDatabase } from './support/start-database';

let database: TestDatabase;
let pool: pg.Pool;
let namespaces = 0;

beforeAll(async () => {
  database = await startDatabase();
  pool = database.pool();
});
afterAll(async () => database?.[Symbol.asyncDispose]());

/** Nothing of the other tests is in it. */
function newLedger(options: Parameters<typeof postgresLedger>[1] = {}, from: PgPoolLike = pool) {
  namespaces += 1;
  return postgresLedger(from, { namespace: `test-${namespaces}`, ...options });
}

async function currentEpoch(ledger: ReturnType<typeof newLedger>, tenantId = 'acme'): Promise<number> {
  let current = 0;
  await ledger.rehydrate(tenantId, [], async (epoch) => {
    current = epoch;
  });
  return current;
}

async function all(events: AsyncIterable<LedgerEvent>): Promise<LedgerEvent[]> {
  const list: LedgerEvent[] = [];
  for await (const one of events) list.push(one);
  return list;
}

const quarter = 900_000;

describe('append', () => {
  test('stores an event once, tells a repetition from a reused id, and holds ids apart by tenant', async () => {
    const ledger = newLedger();
    expect(await ledger.append(event({ id: 'a' }), undefined)).toBe('stored');
    expect(await ledger.append(event({ id: 'a' }), undefined)).toBe('repeated');
    expect(await ledger.append(event({ id: 'a', fingerprint: 'other' }), undefined)).toBe('reused');
    expect(await ledger.append(event({ id: 'a', tenantId: 'other' }), undefined)).toBe('stored');
    expect(await ledger.totals('acme', atMs, atMs + 1)).toEqual([
      { unit: 'apiCalls', route: undefined, model: undefined, amount: 1n, costNanoUsd: 0n, unpriced: 0 },
    ]);
  });

  test('knows nothing of another namespace', async () => {
    const [one, other] = [newLedger(), newLedger()];
    expect(await one.append(event({ id: 'a' }), undefined)).toBe('stored');
    expect(await other.append(event({ id: 'a' }), undefined)).toBe('stored');
    expect(await all(other.events('acme', 0, atMs * 2))).toHaveLength(1);
  });

  test('judges those of one batch that have one id', async () => {
    const ledger = newLedger();
    const outcomes = await Promise.all([
      ledger.append(event({ id: 'a' }), undefined),
      ledger.append(event({ id: 'a' }), undefined),
      ledger.append(event({ id: 'a', fingerprint: 'other' }), undefined),
      ledger.append(event({ id: 'b' }), undefined),
    ]);
    expect(outcomes).toEqual(['stored', 'repeated', 'reused', 'stored']);
    const again = await Promise.all([
      ledger.append(event({ id: 'a', fingerprint: 'other' }), undefined),
      ledger.append(event({ id: 'a' }), undefined),
    ]);
    expect(again).toEqual(['reused', 'repeated']);
  });

  test('refuses what was decided under another epoch, and a tenant that has none', async () => {
    const ledger = newLedger();
    expect(await ledger.append(event(), 1)).toBe('stale');
    const first = await currentEpoch(ledger);
    expect(await ledger.append(event({ id: 'a' }), first)).toBe('stored');
    const second = await currentEpoch(ledger);
    expect(second).toBeGreaterThan(first);
    expect(await ledger.append(event({ id: 'b' }), first)).toBe('stale');
    expect(await ledger.append(event({ id: 'b' }), second + 1)).toBe('stale');
    expect(await ledger.append(event({ id: 'b' }), second)).toBe('stored');
    expect(await all(ledger.events('acme', atMs, atMs + 1))).toHaveLength(2);
  });

  test('finds an event that was written under an older epoch', async () => {
    const ledger = newLedger();
    const first = await currentEpoch(ledger);
    await ledger.append(event({ id: 'a' }), first);
    await currentEpoch(ledger);
    expect(await ledger.append(event({ id: 'a' }), first)).toBe('repeated');
    expect(await ledger.append(event({ id: 'a', fingerprint: 'other' }), first)).toBe('reused');
  });

  test('of one id in one batch, tries the one whose epoch is right', async () => {
    const ledger = newLedger();
    const old = await currentEpoch(ledger);
    const epoch = await currentEpoch(ledger);
    const outcomes = await Promise.all([
      ledger.append(event({ id: 'a' }), old),
      ledger.append(event({ id: 'a' }), old),
      ledger.append(event({ id: 'a' }), epoch),
    ]);
    expect(outcomes).toEqual(['stale', 'stale', 'stored']);
  });

  test('refuses at the edge what PostgreSQL would refuse', async () => {
    const ledger = newLedger();
    const invalid: [Partial<LedgerEvent>, string][] = [
      [{ id: '' }, 'UNITE_QUOTA_KEY_INVALID'],
      [{ id: 'a\0' }, 'UNITE_QUOTA_KEY_INVALID'],
      [{ tenantId: '\ud800' }, 'UNITE_QUOTA_KEY_INVALID'],
      [{ id: 'x'.repeat(256) }, 'UNITE_QUOTA_KEY_INVALID'],
      [{ fingerprint: 1 as unknown as string }, 'UNITE_QUOTA_KEY_INVALID'],
      [{ amounts: { apiCalls: 0.5 } }, 'UNITE_QUOTA_AMOUNT_INVALID'],
      [{ amounts: { '': 1 } }, 'UNITE_QUOTA_KEY_INVALID'],
      [{ kind: 'other' as 'use' }, 'UNITE_QUOTA_KEY_INVALID'],
      [{ occurredAtMs: -0.5 }, 'UNITE_QUOTA_AMOUNT_INVALID'],
      [{ occurredAtMs: Number.NaN }, 'UNITE_QUOTA_AMOUNT_INVALID'],
      [
        { costs: [{ unit: 'a', amount: 1, costNanoUsd: 1 as unknown as bigint }] },
        'UNITE_QUOTA_AMOUNT_INVALID',
      ],
    ];
    for (const [given, code] of invalid)
      await expect(ledger.append(event(given), undefined)).rejects.toMatchObject({ code });
    await expect(ledger.append(event(), -1)).rejects.toMatchObject({ code: 'UNITE_QUOTA_AMOUNT_INVALID' });
    expect(ledger.waiting).toBe(0);
  });

  test('what PostgreSQL refuses all the same takes nothing else of its batch with it', async () => {
    const ledger = newLedger();
    // Three bytes a character, which do not compress: too long for an index, and no longer than others.
    const wide = (seed: number): string =>
      Array.from({ length: 255 }, (_, index) =>
        String.fromCharCode(0x1000 + ((seed * 7_919 + index ** 3 * 104_729) % 0xc000)),
      ).join('');
    const poison = event({ tenantId: wide(1), route: wide(2), amounts: { [wide(3)]: 1, [wide(4)]: 1 } });
    const poisoned = { ...poison, costs: [{ unit: wide(5), model: wide(6), amount: 1, costNanoUsd: 1n }] };
    const outcomes = await Promise.allSettled([
      ...Array.from({ length: 5 }, () => ledger.append(event(), undefined)),
      ledger.append(poisoned, undefined),
      ...Array.from({ length: 5 }, () => ledger.append(event(), undefined)),
    ]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    expect(outcomes[5]).toMatchObject({ reason: { code: 'UNITE_QUOTA_KEY_INVALID' } });
    const [total] = await ledger.totals('acme', atMs, atMs + 1);
    expect(total?.amount).toBe(10n);
  });

  test('refuses more than may wait', async () => {
    const ledger = newLedger({ maxQueuedEvents: 2 });
    const accepted = [ledger.append(event(), undefined), ledger.append(event(), undefined)];
    await Promise.resolve();
    await expect(ledger.append(event(), undefined)).rejects.toMatchObject({
      code: 'UNITE_QUOTA_UNAVAILABLE',
    });
    expect(await Promise.all(accepted)).toEqual(['stored', 'stored']);
    expect(await ledger.append(event(), undefined)).toBe('stored');
  });

  test("goes on after serialization failures, where they are the connection's default", async () => {
    const options = '-c default_transaction_isolation=serializable';
    const ledgers = [1, 2, 3].map(() =>
      postgresLedger(database.pool({ options }), {
        namespace: 'serializable',
        maxBatch: 5,
        timeoutMs: 20_000,
      }),
    );
    const ids = Array.from({ length: 300 }, (_, index) => `id-${index % 100}`);
    const outcomes = await Promise.all(
      ids.map((id, index) => ledgers[index % 3]?.append(event({ id }), undefined)),
    );
    expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(100);
    expect(outcomes.filter((outcome) => outcome === 'repeated')).toHaveLength(200);
    expect(await ledgers[0]?.totals('acme', atMs, atMs + 1)).toMatchObject([{ amount: 100n }]);
  });

  test('hands on what a pool rejects with', async () => {
    for (const reason of [new Error('refused'), 'refused', { severity: 'ERROR', code: 1 }]) {
      const ledger = newLedger({}, { connect: () => Promise.reject(reason) });
      await expect(ledger.append(event(), undefined)).rejects.toMatchObject({
        code: 'UNITE_QUOTA_UNAVAILABLE',
        cause: reason,
      });
    }
  });

  test('is durable where the connection would not wait for the disk', async () => {
    const careless = database.pool({ max: 1, options: '-c synchronous_commit=off' });
    const ledger = newLedger({}, careless);
    await ledger.append(event(), undefined);
    const { rows } = await pool.query(`SELECT pg_current_wal_flush_lsn() >= $1::pg_lsn AS flushed`, [
      (await pool.query('SELECT pg_current_wal_insert_lsn() AS lsn')).rows[0].lsn,
    ]);
    expect(rows).toEqual([{ flushed: true }]);
    expect((await careless.query('SHOW synchronous_commit')).rows).toEqual([{ synchronous_commit: 'off' }]);
    expect((await careless.query('SHOW lock_timeout')).rows).toEqual([{ lock_timeout: '0' }]);
  });
});

describe('rehydrate', () => {
  test('sums quarters of an hour and what is left at the ends', async () => {
    const ledger = newLedger();
    const times = [0, 1, quarter - 1, quarter, quarter + 1, 2 * quarter, 3 * quarter - 1, 3 * quarter];
    for (const [index, time] of times.entries())
      await ledger.append(event({ occurredAtMs: atMs + time, amounts: { a: 10 ** index, b: 1 } }), undefined);
    await ledger.append(event({ tenantId: 'other', amounts: { a: 5 } }), undefined);
    const install = jest.fn(async (_epoch: number, _sums: readonly number[]) => undefined);
    const span = (unit: string, from: number, to: number) => ({
      unit,
      startAtMs: atMs + from,
      endAtMs: atMs + to,
    });
    await ledger.rehydrate(
      'acme',
      [
        span('a', 0, 3 * quarter),
        span('a', 1, 3 * quarter + 1),
        span('a', 1, quarter),
        span('a', quarter + 1, quarter + 2),
        span('a', 1, quarter + 1),
        span('b', -quarter, 9 * quarter),
        span('c', 0, 9 * quarter),
      ],
      install,
    );
    const sums = [1111111, 11111110, 110, 10_000, 1_110, 8, 0];
    expect(install).toHaveBeenCalledWith(expect.any(Number), sums);
  });

  test('counts what costs nothing and what is given back; lines of the bill do not count', async () => {
    const ledger = newLedger();
    const costs = [{ unit: 'aiTokens', model: 'm', amount: 100, costNanoUsd: 7n }];
    await ledger.append(
      event({ amounts: { aiTokens: 100, costNanoUsd: 7 }, costs, kind: 'hold' }),
      undefined,
    );
    await ledger.append(event({ amounts: { aiTokens: -40 }, kind: 'settle' }), undefined);
    await ledger.append(event({ amounts: { refunds: -1 } }), undefined);
    const spans = ['aiTokens', 'costNanoUsd', 'refunds'].map((unit) => ({
      unit,
      startAtMs: atMs,
      endAtMs: atMs + quarter,
    }));
    const install = jest.fn(async (_epoch: number, _sums: readonly number[]) => undefined);
    await ledger.rehydrate('acme', spans, install);
    expect(install).toHaveBeenCalledWith(expect.any(Number), [60, 7, 0]);
  });

  test('leaves out what was refused', async () => {
    const ledger = newLedger();
    const costs = [{ unit: 'aiTokens', model: 'm', amount: 5, costNanoUsd: 7n }];
    await ledger.append(event({ kind: 'refused', amounts: { apiCalls: 5, aiTokens: 5 }, costs }), undefined);
    await ledger.append(event(), undefined);
    for (const endAtMs of [atMs + 1, atMs + quarter]) {
      const install = jest.fn(async (_epoch: number, _sums: readonly number[]) => undefined);
      await ledger.rehydrate('acme', [{ unit: 'apiCalls', startAtMs: atMs, endAtMs }], install);
      expect(install).toHaveBeenCalledWith(expect.any(Number), [1]);
      expect(await ledger.totals('acme', atMs, endAtMs)).toMatchObject([{ unit: 'apiCalls', amount: 1n }]);
    }
    expect(await all(ledger.events('acme', atMs, atMs + 1))).toHaveLength(2);
  });

  test('has what is decided on the first counts of a tenant wait until they are committed', async () => {
    const ledger = newLedger();
    let early: unknown;
    let appended: Promise<unknown> = Promise.resolve();
    await ledger.rehydrate('acme', [], async (epoch) => {
      appended = ledger.append(event(), epoch);
      // Two batches later it has been tried.
      const later = ledger
        .append(event({ tenantId: 'other' }), undefined)
        .then(() => ledger.append(event({ tenantId: 'other' }), undefined));
      early = await Promise.race([appended, later.then(() => 'waiting')]);
    });
    expect(early).toBe('waiting');
    expect(await appended).toBe('stored');
  });

  test('is rolled back when the counts cannot be installed, and the tenant goes on', async () => {
    const ledger = newLedger();
    const epoch = await currentEpoch(ledger);
    const broken = new Error('the store is gone');
    await expect(ledger.rehydrate('acme', [], () => Promise.reject(broken))).rejects.toBe(broken);
    expect(await ledger.append(event(), epoch)).toBe('stored');
  });

  test('ends in time when the counts are never installed', async () => {
    const ledger = newLedger({ timeoutMs: 1_500 });
    const epoch = await currentEpoch(ledger);
    await expect(ledger.rehydrate('acme', [], () => new Promise(() => undefined))).rejects.toMatchObject({
      code: 'UNITE_QUOTA_UNAVAILABLE',
    });
    expect(await ledger.append(event(), epoch)).toBe('stored');
  });

  test('waits for another one of the tenant no longer than its time', async () => {
    const slow = newLedger({ timeoutMs: 30_000 });
    const hasty = postgresLedger(pool, { namespace: `test-${namespaces}`, timeoutMs: 1_500 });
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let isHeld = (): void => undefined;
    const holding = new Promise<void>((resolve) => {
      isHeld = resolve;
    });
    const first = slow.rehydrate('acme', [], async () => {
      isHeld();
      await held;
    });
    await holding;
    await expect(hasty.rehydrate('acme', [], async () => undefined)).rejects.toMatchObject({
      code: 'UNITE_QUOTA_UNAVAILABLE',
    });
    release();
    await first;
    await hasty.rehydrate('acme', [], async () => undefined);
  });

  test('rejects with a bad tenant, and when the server ends the connection meanwhile', async () => {
    const ledger = newLedger();
    await expect(ledger.rehydrate('', [], async () => undefined)).rejects.toMatchObject({
      code: 'UNITE_QUOTA_KEY_INVALID',
    });
    const alone = database.pool({ max: 1, application_name: 'doomed' });
    const doomed = newLedger({}, alone);
    const install = async () => {
      await pool.query(
        `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'doomed'`,
      );
    };
    await expect(doomed.rehydrate('acme', [], install)).rejects.toMatchObject({
      code: 'UNITE_QUOTA_UNAVAILABLE',
    });
    expect(await doomed.append(event(), undefined)).toBe('stored');
  });
});

describe('totals', () => {
  const line = (unit: string, model: string | undefined, amount: number, costNanoUsd: bigint | null) => ({
    unit,
    ...(model !== undefined && { model }),
    amount,
    costNanoUsd,
  });

  test.each([
    ['of whole quarters', atMs, atMs + quarter],
    ['of single events', atMs, atMs + 1],
    ['of both', atMs - quarter, atMs + 1],
  ])('give amount and cost by unit, route and model: %s', async (_, startAtMs, endAtMs) => {
    const ledger = newLedger();
    const route = 'POST /api/score';
    const huge = 2n ** 70n;
    await ledger.append(
      event({
        route,
        amounts: { aiTokens: 1_000, apiCalls: 1, costNanoUsd: 7 },
        costs: [
          line('aiTokens', 'm', 600, huge),
          line('aiTokens', 'm', 300, 1n),
          line('aiTokens', 'n', 100, null),
          line('aiTokens', 'n', 0, null),
          line('apiCalls', undefined, 1, 5n),
          line('storage', undefined, 9, 2n),
        ],
      }),
      undefined,
    );
    await ledger.append(event({ amounts: { apiCalls: 2 } }), undefined);
    const total = (
      unit: string,
      of: string | undefined,
      model: string | undefined,
      amount: bigint,
      costNanoUsd: bigint,
      unpriced = 0,
    ) => ({
      unit,
      route: of,
      model,
      amount,
      costNanoUsd,
      unpriced,
    });
    expect(await ledger.totals('acme', startAtMs, endAtMs)).toEqual([
      total('aiTokens', route, 'm', 900n, huge + 1n),
      total('aiTokens', route, 'n', 100n, 0n, 1),
      total('apiCalls', undefined, undefined, 2n, 0n),
      total('apiCalls', route, undefined, 1n, 5n),
      total('storage', route, undefined, 9n, 2n),
    ]);
    expect(await ledger.totals('acme', atMs + quarter, atMs + 2 * quarter)).toEqual([]);
  });
});

describe('events', () => {
  test('come back as they were given, in order of time, holds before what they came to', async () => {
    const ledger = newLedger();
    const full = event({
      id: 'a',
      kind: 'settle',
      route: 'GET /',
      priceVersion: '2026-11',
      amounts: { apiCalls: -1, aiTokens: Number.MAX_SAFE_INTEGER },
      costs: [
        { unit: 'aiTokens', model: 'm', amount: 1, costNanoUsd: 2n ** 90n },
        { unit: 'x', amount: 1, costNanoUsd: null },
      ],
    });
    const hold = event({ id: 'b', kind: 'hold' });
    const before = event({ id: 'c', occurredAtMs: atMs - 1 });
    for (const one of [full, hold]) await ledger.append(one, undefined);
    await ledger.append({ ...before, occurredAtMs: atMs - 0.5 }, undefined);
    expect(await all(ledger.events('acme', 0, atMs + 1))).toEqual([before, hold, full]);
    expect(await all(ledger.events('acme', atMs, atMs + 1))).toEqual([hold, full]);
    expect(await all(ledger.events('acme', 0, atMs))).toEqual([before]);
  });

  test('come in pages', async () => {
    const ledger = newLedger({ timeoutMs: 60_000 });
    const written = Array.from({ length: 2_500 }, (_, index) => event({ occurredAtMs: atMs + (index % 3) }));
    await Promise.all(written.map((one) => ledger.append(one, undefined)));
    const read = await all(ledger.events('acme', atMs, atMs + 3));
    expect(read).toHaveLength(2_500);
    expect(new Set(read.map(({ id }) => id)).size).toBe(2_500);
    const times = read.map(({ occurredAtMs }) => occurredAtMs);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
  });

  test('are the same where the application has its own parsers', async () => {
    const types = { getTypeParser: () => () => 'unusable' } as unknown as pg.CustomTypesConfig;
    const parsers: pg.CustomTypesConfig = {
      getTypeParser: ((id: number, format: 'text') =>
        [20, 114, 1700, 3802].includes(id)
          ? types.getTypeParser(id)
          : pg.types.getTypeParser(id, format)) as never,
    };
    const ledger = newLedger({}, database.pool({ types: parsers }));
    const epoch = await currentEpoch(ledger);
    const one = event({ costs: [{ unit: 'apiCalls', amount: 1, costNanoUsd: 3n }] });
    expect(await ledger.append(one, epoch)).toBe('stored');
    expect(await ledger.append(one, epoch)).toBe('repeated');
    expect(await all(ledger.events('acme', atMs, atMs + 1))).toEqual([one]);
    expect(await ledger.totals('acme', atMs, atMs + 1)).toMatchObject([{ amount: 1n, costNanoUsd: 3n }]);
  });
});

describe('reading', () => {
  test('refuses tenants and times that are none', async () => {
    const ledger = newLedger();
    const key = { code: 'UNITE_QUOTA_KEY_INVALID' };
    const amount = { code: 'UNITE_QUOTA_AMOUNT_INVALID' };
    await expect(ledger.totals('', 0, 1)).rejects.toMatchObject(key);
    await expect(all(ledger.events('a\0', 0, 1))).rejects.toMatchObject(key);
    await expect(ledger.totals('acme', 0, Number.POSITIVE_INFINITY)).rejects.toMatchObject(amount);
    await expect(all(ledger.events('acme', 0.5, 1))).rejects.toMatchObject(amount);
    const span = { unit: 'a', startAtMs: 0, endAtMs: 1 };
    const rehydrate = (given: Partial<typeof span>) =>
      ledger.rehydrate('acme', [{ ...span, ...given }], async () => undefined);
    await expect(rehydrate({ unit: '' })).rejects.toMatchObject(key);
    await expect(rehydrate({ startAtMs: -1 })).rejects.toMatchObject(amount);
  });
});

describe('the tables', () => {
  test('may be made again, by several at once, and elsewhere', async () => {
    await Promise.all(Array.from({ length: 4 }, () => pool.query(quotaLedgerSql({ tablePrefix: 'other' }))));
    await pool.query(quotaLedgerSql({ tablePrefix: 'other' }));
    await pool.query('CREATE SCHEMA billing');
    await pool.query(quotaLedgerSql({ tablePrefix: 'billing.quota' }));
    const ledger = newLedger({ tablePrefix: 'billing.quota' });
    expect(await ledger.append(event(), await currentEpoch(ledger))).toBe('stored');
    const { rows } = await pool.query('SELECT count(*)::int AS count FROM billing.quota_events');
    expect(rows).toEqual([{ count: 1 }]);
  });

  test('are asked for by name when they are missing', async () => {
    const ledger = newLedger({ tablePrefix: 'nowhere' });
    const error = { code: 'UNITE_QUOTA_UNAVAILABLE', message: expect.stringContaining('quotaLedgerSql()') };
    await expect(ledger.append(event(), undefined)).rejects.toMatchObject(error);
    await expect(ledger.rehydrate('acme', [], async () => undefined)).rejects.toMatchObject(error);
    await expect(ledger.totals('acme', 0, 1)).rejects.toMatchObject(error);
    await expect(all(ledger.events('acme', 0, 1))).rejects.toMatchObject(error);
  });
});

describe('options', () => {
  test('are checked', () => {
    expect(() => postgresLedger(null as unknown as PgPoolLike)).toThrow('postgresLedger: pool must be');
    const url = 'postgres://user:secret@localhost' as unknown as PgPoolLike;
    expect(() => postgresLedger(url)).toThrow(/^(?!.*secret)postgresLedger: pool must be/);
    expect(() => postgresLedger(pool, { timeoutMs: 0 })).toThrow('option "timeoutMs"');
    expect(() => postgresLedger(pool, { maxBatch: 1.5 })).toThrow('option "maxBatch"');
    for (const gatherMs of [-1, 2_000])
      expect(() => postgresLedger(pool, { gatherMs })).toThrow('option "gatherMs"');
    expect(() => postgresLedger(pool, { namespace: 'a\0' })).toThrow('option "namespace"');
    expect(() => postgresLedger(pool, { tablePrefix: 'a"b' })).toThrow('option "tablePrefix"');
    expect(() => quotaLedgerSql({ tablePrefix: 'A' })).toThrow('quotaLedgerSql: option "tablePrefix"');
    expect(() => quotaLedgerSql({ prefix: 'a' } as object)).toThrow('unknown option "prefix"');
  });
});

describe('close', () => {
  test('writes what waits, and takes nothing more', async () => {
    const ledger = newLedger({ maxBatch: 2 });
    const appended = Array.from({ length: 7 }, () => ledger.append(event(), undefined));
    await Promise.resolve();
    expect(ledger.waiting).toBe(7);
    await Promise.all([ledger.close(), ledger.close()]);
    expect(ledger.waiting).toBe(0);
    expect(await Promise.all(appended)).toEqual(Array(7).fill('stored'));
    await expect(ledger.append(event(), undefined)).rejects.toMatchObject({ code: 'UNITE_QUOTA_CLOSED' });
    await ledger[Symbol.asyncDispose]();
  });

  test('tells what it could not write', async () => {
    const stuck = { connect: () => new Promise<never>(() => undefined) };
    const ledger = newLedger({ timeoutMs: 500 }, stuck);
    const appended = ledger.append(event(), undefined);
    await Promise.resolve();
    await ledger.close({ timeoutMs: 1 });
    await expect(appended).rejects.toMatchObject({ code: 'UNITE_QUOTA_UNAVAILABLE' });
    expect(ledger.waiting).toBe(0);
  });
});
