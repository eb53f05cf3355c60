import { describe, expect, it } from '@jest/globals';
import { Decimal } from 'decimal.js';
import { calculateCost, definePrices } from '../../src/cost';

const lineCount = 1_000_000;
const models = Array.from({ length: 200 }, (_, at) => `model-${at}`);
const Exact = Decimal.clone({ precision: 60, rounding: Decimal.ROUND_HALF_UP });

describe('a million random line items', () => {
  it('cost what an independent decimal computation says, to the billionth', () => {
    const random = randomFrom(20_261_126);
    const tariffs = models.map(() => randomTariff(random));
    // Divided once for each price, not for each line: exact, since there are digits enough.
    const perToken = tariffs.flatMap((tariff) => tariff.map((price) => new Exact(price).div(1_000_000)));
    const prices = definePrices({
      version: '1',
      models: Object.fromEntries(
        models.map((model, at) => {
          const [input, cached, output, reasoning] = tariffs[at] as Tariff;
          return [
            model,
            {
              inputPerMillionUsd: input,
              // As a number, where the others are text.
              cachedInputPerMillionUsd: Number(cached),
              outputPerMillionUsd: output,
              reasoningPerMillionUsd: Number(reasoning),
            },
          ];
        }),
      ),
    });

    let lines = 0;
    let sumNanoUsd = 0n;
    let expectedUsd = new Exact(0);
    let inexactLines = 0;
    while (lines < lineCount) {
      const at = below(random, models.length);
      const amounts = fourOf(() => randomTokens(random));
      const [input, cached, output, reasoning] = amounts;
      const cost = calculateCost(prices, {
        model: models[at] as string,
        inputTokens: input + cached,
        cachedInputTokens: cached,
        outputTokens: output + reasoning,
        reasoningTokens: reasoning,
      });
      sumNanoUsd += cost.costNanoUsd ?? 0n;
      lines += cost.lines.length;
      for (const [kind, amount] of amounts.entries()) {
        const exact = (perToken[at * 4 + kind] as Decimal).mul(amount);
        const rounded = exact.toDecimalPlaces(9);
        if (!rounded.eq(exact)) inexactLines += 1;
        expectedUsd = expectedUsd.add(rounded);
      }
    }

    expect(lines).toBeGreaterThanOrEqual(lineCount);
    // Else the rounding was not tried.
    expect(inexactLines).toBeGreaterThan(lineCount / 10);
    expect(sumNanoUsd).toBe(BigInt(expectedUsd.mul(1_000_000_000).toFixed()));
  }, 300_000);
});

/** Prices of a million as text: input, cached input, output, reasoning. */
type Tariff = readonly [string, string, string, string];

function randomTariff(random: () => number): Tariff {
  return fourOf(() => new Exact(below(random, 1e9)).div(10 ** below(random, 10)).toFixed());
}

function fourOf<Value>(make: () => Value): readonly [Value, Value, Value, Value] {
  return [make(), make(), make(), make()];
}

/** Many small, some none, few as large as they may be. */
function randomTokens(random: () => number): number {
  const size = below(random, 100);
  if (size < 20) return 0;
  if (size < 95) return below(random, 200_000);
  return below(random, 2 ** 51);
}

function below(random: () => number, end: number): number {
  return Math.floor(random() * end);
}

/** Mulberry32 on two words, so that each run is the same and large numbers have all their digits. */
function randomFrom(seed: number): () => number {
  let state = seed;
  const word = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return () => ((word() >>> 5) * 0x4000000 + (word() >>> 6)) / 2 ** 53;
}
