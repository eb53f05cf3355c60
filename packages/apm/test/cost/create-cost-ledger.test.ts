import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { UniteContext } from '@unite/core';
import { definePrices } from '@unite/quota/cost';
import fc from 'fast-check';
import { type CostLedgerParts, createCostLedger } from '../../src/cost';
import type { AiUsage, CostEntry, CostLedgerOptions, CostPrices, QuotaUse } from '../../src/cost/cost-types';
import { recordMetrics } from './support/record-metrics';

const prices = definePrices({
  version: '1',
  models: {
    small: {
      inputPerMillionUsd: 1,
      cachedInputPerMillionUsd: '0.1',
      outputPerMillionUsd: 4,
      reasoningPerMillionUsd: 3,
    },
  },
});
const request: UniteContext = {
  requestId: 'r',
  tenantId: 'acme',
  route: 'POST /api/score',
  state: new Map(),
};
const usage: AiUsage = { provider: 'openai', model: 'small', inputTokens: 1_000, outputTokens: 100 };
const unpriced = { ...usage, model: 'new' };

const warned: string[] = [];
beforeEach(() => {
  Reflect.deleteProperty(globalThis, Symbol.for('unite.warned.1'));
  warned.length = 0;
  jest.spyOn(process, 'emitWarning').mockImplementation((text) => void warned.push(String(text)));
});
afterEach(() => void jest.restoreAllMocks());

function open(options?: CostLedgerOptions, parts: Partial<CostLedgerParts> = {}) {
  const metrics = recordMetrics();
  const service = { name: 'crm', release: 'v1' };
  const common = { service, prices, options, context: () => request, recorder: metrics.recorder };
  return { ...metrics, costs: createCostLedger({ ...common, ...parts }) };
}

describe('what models used', () => {
  it('is billed once for each token: cached and reasoning tokens are among the others', () => {
    const { costs, metric } = open();
    costs.recordAiUsage({ ...usage, cachedInputTokens: 400, reasoningTokens: 30, feature: 'scoring' });
    const row = { route: 'POST /api/score', tenantId: 'acme', release: 'v1', name: 'small', entries: 1 };
    expect(costs.report()).toEqual({
      rows: [
        { ...row, kind: 'inputTokens', costNanoUsd: 600_000n },
        { ...row, kind: 'outputTokens', costNanoUsd: 280_000n },
        { ...row, kind: 'reasoningTokens', costNanoUsd: 90_000n },
        { ...row, kind: 'cachedInputTokens', costNanoUsd: 40_000n },
      ],
      totalNanoUsd: 1_010_000n,
      unpriced: [],
      overflowed: 0,
      refused: 0,
    });
    const of = { provider: 'openai', model: 'small' };
    expect(metric('ai_requests_total', { ...of, feature: 'scoring' })).toBe(1);
    expect(metric('ai_cost_usd_total', { ...of, feature: 'scoring' })).toBe(0.00101);
    const tokens = ['input', 'cached_input', 'output', 'reasoning'].map((type) =>
      metric('ai_tokens_total', { ...of, type }),
    );
    expect(tokens).toEqual([600, 400, 70, 30]);
    const input = {
      kind: 'inputTokens',
      name: 'small',
      http_route: '/api/score',
      http_request_method: 'POST',
    };
    expect(metric('cost_usd_total', input)).toBe(0.0006);
    expect(warned).toEqual([]);
  });

  it.each<[string, CostPrices | undefined]>([
    ['a price book that does not know the model', prices],
    ['no price book', undefined],
    [
      'a price book that throws',
      {
        version: '1',
        modelLines: () => {
          throw new Error('no prices today');
        },
      },
    ],
    ['one that throws no error', { version: '1', modelLines: throwsNull }],
    ['one that answers with nonsense', { version: '1', modelLines: () => [{} as never] }],
    ['one that gives money', priceBookOf(-1n)],
  ])('is never free unseen: %s', (_, book) => {
    const { costs, metric } = open({}, { prices: book });
    costs.recordAiUsage(unpriced);
    const { rows, totalNanoUsd, unpriced: models } = costs.report();
    expect(rows).toMatchObject([{ kind: 'aiTokens', name: 'new', costNanoUsd: 0n, entries: 1 }]);
    expect({ totalNanoUsd, models }).toEqual({ totalNanoUsd: 0n, models: ['new'] });
    expect(metric('ai_unpriced_tokens_total', { model: 'new' })).toBe(1_100);
    expect(metric('ai_tokens_total', { provider: 'openai', model: 'new', type: 'input' })).toBe(1_000);
    expect(warned.join()).toContain('"new"');
  });

  it('names 100 models without a price', () => {
    const { costs } = open();
    for (const at of Array.from({ length: 300 }).keys()) costs.recordAiUsage({ ...usage, model: `m${at}` });
    expect(costs.report().unpriced).toHaveLength(100);
    expect(warned).toHaveLength(1);
  });

  it('asks the price book for nothing but the usage', () => {
    const modelLines = jest.fn<CostPrices['modelLines']>(() => []);
    const { costs } = open({}, { prices: { version: '1', modelLines } });
    costs.recordAiUsage({ ...usage, feature: 'f', inputTokens: 0, outputTokens: 0 });
    const none = { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0, reasoningTokens: 0 };
    expect(modelLines.mock.calls).toEqual([[{ model: 'small', ...none }]]);
    expect(costs.report().rows).toEqual([]);
  });

  it('is refused where it is none, counted and told once', () => {
    const { costs, metric } = open();
    const getter = Object.defineProperty({ ...usage }, 'model', {
      get: () => {
        throw new Error('hostile');
      },
    });
    const bad: unknown[] = [
      undefined,
      null,
      'usage',
      getter,
      {},
      { ...usage, model: 5 },
      { ...usage, model: '' },
      { ...usage, model: 'x'.repeat(1_000_000) },
      { ...usage, model: 'line\nfeed' },
      { ...usage, provider: {} },
      { ...usage, feature: '\u0000' },
      { ...usage, inputTokens: Number.NaN },
      { ...usage, inputTokens: -1 },
      { ...usage, inputTokens: 1.5 },
      { ...usage, inputTokens: '10' },
      { ...usage, outputTokens: Number.POSITIVE_INFINITY },
      { ...usage, inputTokens: 2 ** 60 },
      { ...usage, inputTokens: Number.MAX_SAFE_INTEGER, outputTokens: 1 },
      { ...usage, cachedInputTokens: 1_001 },
      { ...usage, reasoningTokens: 101 },
    ];
    for (const each of bad) costs.recordAiUsage(each as AiUsage);
    expect(costs.report()).toMatchObject({ rows: [], totalNanoUsd: 0n, refused: bad.length });
    expect(metric('cost_refused_total', { source: 'ai' })).toBe(bad.length);
    expect(warned).toEqual(['A cost was refused: recordAiUsage: usage must be an object, got undefined']);
  });
});

describe('costs that are known', () => {
  it('are of the request under way, unless they say whose they are', () => {
    const { costs } = open();
    costs.recordCost({ kind: 'geocoding', costNanoUsd: 5n });
    costs.recordCost({ kind: 'geocoding', name: '', costNanoUsd: -2n });
    costs.recordCost({
      kind: 'storage',
      name: 'files',
      costNanoUsd: 7n,
      tenantId: 'globex',
      route: 'nightly',
    });
    expect(costs.report().rows).toEqual([
      {
        route: 'nightly',
        tenantId: 'globex',
        release: 'v1',
        kind: 'storage',
        name: 'files',
        costNanoUsd: 7n,
        entries: 1,
      },
      {
        route: 'POST /api/score',
        tenantId: 'acme',
        release: 'v1',
        kind: 'geocoding',
        name: '',
        costNanoUsd: 3n,
        entries: 2,
      },
    ]);
  });

  it('are of nobody outside of requests', () => {
    const { costs } = open({}, { service: { name: 'crm' }, context: () => undefined });
    costs.recordCost({ kind: 'storage', costNanoUsd: 1n });
    expect(costs.report().rows).toMatchObject([{ route: '', tenantId: '', release: '' }]);
  });

  it('are taken whatever the context says', () => {
    const strange = { ...request, route: 'x'.repeat(1_000_000), tenantId: 7 as unknown as string };
    const { costs } = open({}, { context: () => strange });
    costs.recordCost({ kind: 'storage', costNanoUsd: 1n });
    expect(costs.report().rows).toMatchObject([{ route: '__overflow__', tenantId: '__overflow__' }]);
  });

  it('are refused where they are none', () => {
    const { costs } = open();
    const entry = { kind: 'storage', costNanoUsd: 1n };
    const bad: unknown[] = [
      undefined,
      { ...entry, kind: undefined },
      { ...entry, kind: 'x'.repeat(256) },
      { ...entry, costNanoUsd: 1 },
      { ...entry, costNanoUsd: Number.NaN },
      { ...entry, costNanoUsd: 10n ** 18n + 1n },
      { ...entry, costNanoUsd: -(10n ** 5_000n) },
      { ...entry, name: 5 },
      { ...entry, tenantId: '\u0007' },
      { ...entry, route: ['GET /'] },
    ];
    for (const each of bad) costs.recordCost(each as CostEntry);
    expect(costs.report()).toMatchObject({ rows: [], refused: bad.length });
  });

  it('are refused, not thrown, while the context cannot be read', () => {
    const context = () => {
      throw new Error('no context');
    };
    const { costs } = open({}, { context });
    costs.recordCost({ kind: 'storage', costNanoUsd: 1n });
    expect(costs.report().refused).toBe(1);
    expect(warned).toEqual(['A cost was refused: it could not be read']);
  });

  it('stay exact in total, whatever the cap of rows', () => {
    const cost = fc.record({
      kind: fc.constantFrom('a', 'b', 'c'),
      tenantId: fc.constantFrom('t1', 't2', 't3', 't4'),
      costNanoUsd: fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }),
    });
    fc.assert(
      fc.property(fc.array(cost), fc.integer({ min: 1, max: 12 }), (entries, maxRows) => {
        const { costs, sumOf } = open({ maxRows });
        for (const entry of entries) costs.recordCost(entry);
        const { rows, totalNanoUsd, overflowed } = costs.report();
        const expected = entries.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0n);
        expect(totalNanoUsd).toBe(expected);
        expect(rows.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0n)).toBe(expected);
        expect(rows.reduce((sum, row) => sum + row.entries, 0)).toBe(entries.length);
        const over = rows.find(({ kind }) => kind === '__overflow__');
        expect(over?.entries ?? 0).toBe(overflowed);
        expect(rows.length).toBeLessThanOrEqual(maxRows + 1);
        expect(sumOf('cost_usd_total')).toBeGreaterThanOrEqual(Number(expected) / 1e9 - 1);
      }),
    );
  });
});

describe('the time of a database', () => {
  it('is priced to the nanosecond, and what is less than a billionth of a dollar is carried over', () => {
    const { costs } = open({ databaseSecondNanoUsd: 28_000n });
    for (const _ of Array.from({ length: 1_000 })) costs.recordDatabaseSeconds(0.000_012_5);
    expect(costs.report().rows).toMatchObject([
      { kind: 'database', name: '', route: 'POST /api/score', costNanoUsd: 350n, entries: 1_000 },
    ]);
  });

  it('costs nothing where it has no price', () => {
    const { costs } = open();
    costs.recordDatabaseSeconds(1);
    expect(costs.report().rows).toEqual([]);
  });

  it('is refused where it is none', () => {
    const { costs } = open({ databaseSecondNanoUsd: 1n });
    for (const bad of [Number.NaN, -1, Number.POSITIVE_INFINITY, 8_640_001, '1']) {
      costs.recordDatabaseSeconds(bad as number);
    }
    expect(costs.report()).toMatchObject({ rows: [], refused: 5 });
  });
});

describe('what quota charged', () => {
  const line = { unit: 'outputTokens', model: 'small', amount: 100, costNanoUsd: 400_000n };
  const back = { ...line, amount: -100, costNanoUsd: -400_000n };

  it('is of the tenant that is charged; of the context where a message does not say it', () => {
    const { costs } = open();
    costs.recordQuotaUse({ tenantId: 'globex', route: 'GET /b', costs: [line] });
    costs.recordQuotaUse({ costs: [{ unit: 'apiCalls', model: '', costNanoUsd: 2n }] });
    costs.recordQuotaUse({ tenantId: 'globex', costs: [] });
    expect(costs.report().rows).toMatchObject([
      { route: 'GET /b', tenantId: 'globex', kind: 'outputTokens', name: 'small', costNanoUsd: 400_000n },
      { route: 'POST /api/score', tenantId: 'acme', kind: 'apiCalls', name: '', costNanoUsd: 2n },
    ]);
  });

  it('falls in the report, while counters take what is given back off what comes next', () => {
    const { costs, sumOf, metric } = open();
    const settled = { ...line, amount: 40, costNanoUsd: 160_000n };
    const tokens = () => metric('ai_tokens_total', { provider: '', model: 'small', type: 'output' });
    costs.recordQuotaUse({ costs: [line] });
    costs.recordQuotaUse({ costs: [settled, back] });
    expect(costs.report().totalNanoUsd).toBe(160_000n);
    expect([tokens(), sumOf('cost_usd_total')]).toEqual([100, 0.0004]);
    costs.recordQuotaUse({ costs: [{ ...line, amount: 50, costNanoUsd: 200_000n }] });
    expect([tokens(), sumOf('cost_usd_total')]).toEqual([100, 0.0004]);
    costs.recordQuotaUse({ costs: [line] });
    expect(costs.report().totalNanoUsd).toBe(760_000n);
    expect(tokens()).toBe(190);
    expect(sumOf('cost_usd_total')).toBeCloseTo(0.00076, 12);
  });

  it('keeps counters right in sum with more series than it remembers', () => {
    const { costs, sumOf } = open();
    const models = Array.from({ length: 1_500 }, (_, at) => `m${at}`);
    const use = (model: string, amount: number): QuotaUse => ({
      costs: [{ ...line, model, amount, costNanoUsd: BigInt(amount) }],
    });
    for (const model of models) costs.recordQuotaUse(use(model, 10));
    for (const model of models) costs.recordQuotaUse(use(model, -10));
    for (const model of models) costs.recordQuotaUse(use(model, 10));
    expect(sumOf('ai_tokens_total')).toBe(15_000);
    expect(costs.report().totalNanoUsd).toBe(15_000n);
  });

  it('flags what has no price', () => {
    const { costs, metric } = open();
    const free = { unit: 'aiTokens', model: 'new', amount: 30, costNanoUsd: 0n, isUnpriced: true };
    costs.recordQuotaUse({ costs: [free, { ...free, amount: -10 }] });
    expect(costs.report().unpriced).toEqual(['new']);
    expect(metric('ai_unpriced_tokens_total', { model: 'new' })).toBe(20);
    expect(metric('ai_tokens_total', { provider: '', model: 'new', type: 'unknown' })).toBe(20);
  });

  it('is left alone where it is said', () => {
    const { costs } = open({ fromQuota: false });
    costs.recordQuotaUse({ costs: [line] });
    expect(costs.report().rows).toEqual([]);
  });

  it('is refused whole where it is malformed', () => {
    const { costs } = open();
    const bad: unknown[] = [
      undefined,
      {},
      { costs: [line, null] },
      { costs: [line, { ...line, unit: '' }] },
      { costs: [line, { ...line, model: 'a\nb' }] },
      { costs: [line, { ...line, amount: Number.NaN }] },
      { costs: [line, { ...line, costNanoUsd: 1 }] },
    ];
    for (const each of bad) costs.recordQuotaUse(each as QuotaUse);
    expect(costs.report()).toMatchObject({ rows: [], refused: bad.length });
  });

  it('counts no units of its own as tokens', () => {
    const { costs, sumOf } = open();
    costs.recordQuotaUse({ costs: [{ ...line, unit: 'pages' }] });
    expect(sumOf('ai_tokens_total')).toBe(0);
    expect(costs.report().totalNanoUsd).toBe(400_000n);
  });
});

it.each<[string, unknown, Partial<CostLedgerParts>]>([
  ['option "maxRows" must be a whole number from 1 to 1,000,000, got 0', { maxRows: 0 }, {}],
  ['option "maxRows" must be a whole number from 1 to 1,000,000, got 1000001', { maxRows: 1_000_001 }, {}],
  ['option "fromQuota" must be true or false, got 1', { fromQuota: 1 }, {}],
  ['option "databaseSecondNanoUsd" must be a bigint from 0, got 1', { databaseSecondNanoUsd: 1 }, {}],
  ['unknown option "rows"', { rows: 1 }, {}],
  ['option "prices" must be a price book with "modelLines", got an object', {}, { prices: {} as CostPrices }],
  ['option "prices" must be a price book with "modelLines", got null', {}, { prices: null as never }],
])('refuses at construction: %s', (text, options, parts) => {
  expect(() => open(options as CostLedgerOptions, parts)).toThrow(text);
});

function priceBookOf(costNanoUsd: bigint): CostPrices {
  return { version: '1', modelLines: () => [{ unit: 'inputTokens', amount: 1, costNanoUsd }] };
}

function throwsNull(): never {
  throw null;
}
