import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { costOf, definePrices, type ModelPrice, type ModelUsage } from '../../src/cost';
import { QuotaError } from '../../src/errors';

const small = { inputPerMillionUsd: 0.15, outputPerMillionUsd: 0.6 };
const large = {
  inputPerMillionUsd: '3',
  cachedInputPerMillionUsd: '0.3',
  outputPerMillionUsd: 15,
  reasoningPerMillionUsd: '12.5',
};
const prices = definePrices({
  version: '2026-11',
  models: { small, large },
  unitsPerMillionUsd: { apiCalls: 2, storageGbHours: '31.25' },
});

describe('definePrices', () => {
  it('knows its version, its models and its units', () => {
    expect(prices.version).toBe('2026-11');
    expect(prices.hasModel('small')).toBe(true);
    expect(prices.hasModel('medium')).toBe(false);
    expect(prices.unitPriceNanoUsdPerMillion('apiCalls')).toBe(2_000_000_000n);
    expect(prices.unitPriceNanoUsdPerMillion('storageGbHours')).toBe(31_250_000_000n);
    expect(prices.unitPriceNanoUsdPerMillion('exports')).toBeUndefined();
  });

  it('bills each kind of token that was used, and each token once', () => {
    // 400 × $3 + 600 × $0.3 + 150 × $15 + 50 × $12.5, a million each: $0.0012, $0.00018, $0.00225, $0.000625
    expect(
      prices.modelLines({
        model: 'large',
        inputTokens: 1_000,
        cachedInputTokens: 600,
        outputTokens: 200,
        reasoningTokens: 50,
      }),
    ).toEqual([
      { unit: 'inputTokens', model: 'large', amount: 400, costNanoUsd: 1_200_000n },
      { unit: 'cachedInputTokens', model: 'large', amount: 600, costNanoUsd: 180_000n },
      { unit: 'outputTokens', model: 'large', amount: 150, costNanoUsd: 2_250_000n },
      { unit: 'reasoningTokens', model: 'large', amount: 50, costNanoUsd: 625_000n },
    ]);
  });

  it('takes the prices of input and output where cached and reasoning tokens have none', () => {
    // 1,000 × $0.15 and 500 × $0.6 a million, however they are split.
    const usage = { model: 'small', inputTokens: 1_000, outputTokens: 500 };
    const split = { ...usage, cachedInputTokens: 1_000, reasoningTokens: 500 };
    expect(prices.modelLines(usage).map((line) => line.costNanoUsd)).toEqual([150_000n, 300_000n]);
    expect(prices.modelLines(split)).toEqual([
      { unit: 'cachedInputTokens', model: 'small', amount: 1_000, costNanoUsd: 150_000n },
      { unit: 'reasoningTokens', model: 'small', amount: 500, costNanoUsd: 300_000n },
    ]);
    expect(prices.modelLines({ model: 'small', inputTokens: 0, outputTokens: 0 })).toEqual([]);
  });

  it('flags a model without a price, and never calls it free', () => {
    expect(
      prices.modelLines({ model: 'medium', inputTokens: 10, outputTokens: 5, reasoningTokens: 5 }),
    ).toEqual([{ unit: 'aiTokens', model: 'medium', amount: 15, costNanoUsd: null }]);
  });

  it('has lines that are together all tokens, each at its price', () => {
    const usage = fc
      .record({ inputTokens: fc.nat(), outputTokens: fc.nat(), cached: fc.nat(), reasoning: fc.nat() })
      .map(({ inputTokens, outputTokens, cached, reasoning }) => ({
        model: 'large',
        inputTokens,
        outputTokens,
        cachedInputTokens: cached % (inputTokens + 1),
        reasoningTokens: reasoning % (outputTokens + 1),
      }));
    const perMillion = new Map([
      ['inputTokens', 3_000_000_000n],
      ['cachedInputTokens', 300_000_000n],
      ['outputTokens', 15_000_000_000n],
      ['reasoningTokens', 12_500_000_000n],
    ]);
    fc.assert(
      fc.property(usage, (used) => {
        const lines = prices.modelLines(used);
        expect(lines.reduce((sum, line) => sum + line.amount, 0)).toBe(used.inputTokens + used.outputTokens);
        for (const { unit, amount, costNanoUsd } of lines) {
          expect(amount).toBeGreaterThan(0);
          expect(costNanoUsd).toBe(costOf(amount, perMillion.get(unit) ?? -1n));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('keeps its prices when the caller changes what it gave', () => {
    const price: { -readonly [Field in keyof ModelPrice]: ModelPrice[Field] } = { ...small };
    const models: Record<string, ModelPrice> = { small: price };
    const units: Record<string, number> = { apiCalls: 2 };
    const book = definePrices({ version: '1', models, unitsPerMillionUsd: units });
    price.inputPerMillionUsd = 1_000;
    models.late = small;
    units.apiCalls = 3;
    const usage = { model: 'small', inputTokens: 1_000, outputTokens: 0 };
    expect(book.modelLines(usage)[0]?.costNanoUsd).toBe(150_000n);
    expect(book.hasModel('late')).toBe(false);
    expect(book.unitPriceNanoUsdPerMillion('apiCalls')).toBe(2_000_000_000n);
  });

  it('has no price for what every object has', () => {
    for (const model of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      expect(prices.hasModel(model)).toBe(false);
      expect(prices.unitPriceNanoUsdPerMillion(model)).toBeUndefined();
      expect(prices.modelLines({ model, inputTokens: 1, outputTokens: 1 })).toEqual([
        { unit: 'aiTokens', model, amount: 2, costNanoUsd: null },
      ]);
    }
  });

  it('has a price for models that are called so', () => {
    const models = JSON.parse(
      `{ "__proto__": ${JSON.stringify(small)}, "constructor": ${JSON.stringify(large)} }`,
    );
    const book = definePrices({ version: '1', models });
    const usage = { inputTokens: 1_000_000, outputTokens: 0 };
    expect(book.modelLines({ ...usage, model: '__proto__' })[0]?.costNanoUsd).toBe(150_000_000n);
    expect(book.modelLines({ ...usage, model: 'constructor' })[0]?.costNanoUsd).toBe(3_000_000_000n);
  });

  it('may be empty', () => {
    expect(definePrices({ version: '1' }).hasModel('small')).toBe(false);
  });

  it.each([
    ['inputPerMillionUsd', -1, '-1'],
    ['inputPerMillionUsd', undefined, 'undefined'],
    ['outputPerMillionUsd', Number.NaN, 'NaN'],
    ['outputPerMillionUsd', null, 'null'],
    ['cachedInputPerMillionUsd', Number('1e400'), 'Infinity'],
    ['cachedInputPerMillionUsd', '1,5', '"1,5"'],
    ['reasoningPerMillionUsd', 1e-10, '1e-10'],
    ['reasoningPerMillionUsd', '', '""'],
  ])('names the model and the field: %s %p', (field, price, got) => {
    const models = { 'gpt "5"': { ...large, [field]: price } } as never;
    expect(() => definePrices({ version: '1', models })).toThrow(
      new TypeError(
        `definePrices: models["gpt \\"5\\""].${field} must be an amount of US dollars with at most 9 digits after the point, got ${got}`,
      ),
    );
  });

  it.each([
    [{ version: '' }, 'option "version" must be a text of 1 to 200 characters'],
    [{ version: 11 }, 'option "version" must be a text of 1 to 200 characters'],
    [{}, 'option "version" must be a text of 1 to 200 characters'],
    [undefined, 'options must be an object, got undefined'],
    [{ version: '1', model: {} }, 'unknown option "model"'],
    [{ version: '1', models: new Map() }, 'option "models" must be an object of prices by name'],
    [{ version: '1', models: [small] }, 'option "models" must be an object of prices by name, got an array'],
    [{ version: '1', models: { '': small } }, 'a name in models must be a text of 1 to 200 characters'],
    [{ version: '1', models: { 'a\0': small } }, 'a name in models must be'],
    [{ version: '1', models: { small: 5 } }, 'models["small"]: options must be an object, got 5'],
    [{ version: '1', models: { small: { ...small, input: 5 } } }, 'models["small"]: unknown option "input"'],
    [
      { version: '1', unitsPerMillionUsd: { apiCalls: -2 } },
      'unitsPerMillionUsd["apiCalls"] must be an amount',
    ],
    [{ version: '1', unitsPerMillionUsd: { '': 2 } }, 'a name in unitsPerMillionUsd must be'],
  ])('refuses %j', (options, message) => {
    expect(() => definePrices(options as never)).toThrow(TypeError);
    expect(() => definePrices(options as never)).toThrow(`definePrices: ${message}`);
  });
});

describe('modelLines', () => {
  const usage = { model: 'small', inputTokens: 10, outputTokens: 10 };
  const wrong = [-1, 0.5, Number.NaN, Infinity, -Infinity, 2 ** 53, Number('1e400'), '5', 5n, null];

  it.each(['inputTokens', 'outputTokens', 'cachedInputTokens', 'reasoningTokens'])('refuses %s', (field) => {
    for (const model of ['small', 'medium']) {
      for (const amount of wrong) {
        expect(codeAndMessage({ ...usage, model, [field]: amount } as never)).toEqual([
          'UNITE_QUOTA_AMOUNT_INVALID',
          expect.stringMatching(
            new RegExp(`^${field} must be a whole number from 0 to 9007199254740991, got `),
          ),
        ]);
      }
    }
  });

  it('refuses parts that are more than the whole', () => {
    expect(codeAndMessage({ ...usage, cachedInputTokens: 11 })).toEqual([
      'UNITE_QUOTA_AMOUNT_INVALID',
      'cachedInputTokens must be at most inputTokens (10), which it is part of, got 11',
    ]);
    expect(codeAndMessage({ ...usage, reasoningTokens: 11 })).toEqual([
      'UNITE_QUOTA_AMOUNT_INVALID',
      'reasoningTokens must be at most outputTokens (10), which it is part of, got 11',
    ]);
  });

  it('refuses a sum that is not exact', () => {
    const half = 2 ** 52;
    expect(codeAndMessage({ ...usage, inputTokens: half, outputTokens: half })[1]).toMatch(
      /^inputTokens \+ outputTokens must be .+, got 9007199254740992$/,
    );
    expect(prices.modelLines({ ...usage, inputTokens: half, outputTokens: half - 1 })).toHaveLength(2);
  });

  it.each([undefined, null, 5, 'small'])('refuses the usage %p', (used) => {
    expect(codeAndMessage(used as never)).toEqual([
      'UNITE_QUOTA_AMOUNT_INVALID',
      expect.stringMatching(/^usage must be an object, got /),
    ]);
  });

  it.each([undefined, null, '', 5, 'a\nb', 'x'.repeat(201)])('refuses the model %p', (model) => {
    expect(codeAndMessage({ ...usage, model } as never)).toEqual([
      'UNITE_QUOTA_KEY_INVALID',
      expect.stringMatching(/^model must be a text of 1 to 200 characters without control characters, got /),
    ]);
  });

  function codeAndMessage(used: ModelUsage): readonly unknown[] {
    try {
      return [prices.modelLines(used)];
    } catch (error) {
      return QuotaError.isInstance(error) ? [error.code, error.message] : [error];
    }
  }
});
