/**
 * Cost of a million random line items against an independent computation in decimals, which must be the same to the
 * billionth of a dollar, and how many items there are in a second.
 *
 * node quota-cost.mjs [--quick]   (build the packages first)
 */
import { createRequire } from 'node:module';
import { calculateCost, definePrices } from '../packages/quota/dist/cost.js';
import { exactly } from './lib/exactly.mjs';
import { Report } from './lib/report.mjs';
import { short } from './lib/table.mjs';
import { randomUsage } from './quota/random-usage.mjs';

const { Decimal } = createRequire(new URL('../packages/quota/package.json', import.meta.url))('decimal.js');
const Exact = Decimal.clone({ precision: 60, rounding: Decimal.ROUND_HALF_UP });
const report = new Report({
  title: 'Cost to the billionth of a dollar',
  subject: 'quota',
  about: 'The cost of random line items against an independent computation in decimals.',
});
const lineCount = report.quick ? 100_000 : 1_000_000;
const names = Array.from({ length: 200 }, (_, at) => `model-${at}`);
const random = randomUsage(Exact, 20_261_126);

const tariffs = names.map(() => random.tariff());
const prices = definePrices({
  version: '1',
  models: Object.fromEntries(
    names.map((name, at) => {
      const [input, cached, output, reasoning] = tariffs[at];
      return [
        name,
        {
          inputPerMillionUsd: input,
          cachedInputPerMillionUsd: cached,
          outputPerMillionUsd: output,
          reasoningPerMillionUsd: reasoning,
        },
      ];
    }),
  ),
});

const taken = { ours: 0n, decimal: 0n, floats: 0n };
let [lines, inexact, oursNanoUsd, floatUsd] = [0, 0, 0n, 0];
let exactUsd = new Exact(0);
while (lines < lineCount) {
  const batch = Array.from({ length: 1_000 }, () => ({
    at: random.below(names.length),
    amounts: random.amounts(),
  }));
  const usages = batch.map(({ at, amounts: [input, cached, output, reasoning] }) => ({
    model: names[at],
    inputTokens: input + cached,
    cachedInputTokens: cached,
    outputTokens: output + reasoning,
    reasoningTokens: reasoning,
  }));
  time('ours', () => {
    for (const usage of usages) {
      const cost = calculateCost(prices, usage);
      oursNanoUsd += cost.costNanoUsd;
      lines += cost.lines.length;
    }
  });
  time('decimal', () => eachItem(batch, addExactly));
  time('floats', () => eachItem(batch, addAsFloats));
}

const exactNanoUsd = BigInt(exactUsd.mul(1_000_000_000).toFixed());
const floatError = new Exact(floatUsd).sub(exactUsd).abs();
const perSecond = (name) => Math.round(lines / (Number(taken[name]) / 1e9)).toLocaleString('en');
report.table(
  `${lines.toLocaleString('en')} line items, ${inexact.toLocaleString('en')} of them rounded`,
  ['', 'sum, US dollars', 'off by, US dollars', 'items a second'],
  [
    ['@unite/quota', usdOf(oursNanoUsd), usdOf(oursNanoUsd - exactNanoUsd), perSecond('ours')],
    ['decimal.js', usdOf(exactNanoUsd), 0, perSecond('decimal')],
    ['floating point', floatUsd, floatError.toPrecision(3), perSecond('floats')],
  ],
);
const speed = Number(taken.decimal) / Number(taken.ours);
report.bars({
  title: 'A line item',
  unit: 'ns',
  bars: [
    exactly('@unite/quota', 'ours', Number(taken.ours) / lines),
    exactly('decimal.js', 'peer', Number(taken.decimal) / lines),
    exactly('floating point, which is wrong', 'limit', Number(taken.floats) / lines),
  ],
});
report.claim('the cost is that of the decimal computation, to the billionth', oursNanoUsd === exactNanoUsd);
// Else the rounding was not tried.
report.claim('of ten line items one is rounded', inexact > lines / 10);
report.claim('it is as fast as decimals', speed >= 1, { figure: `${short(speed)}×`, isOfMachine: true });
report.end();

function eachItem(batch, add) {
  for (const { at, amounts } of batch) {
    for (const [kind, amount] of amounts.entries()) add(tariffs[at][kind], amount);
  }
}

function addExactly(price, amount) {
  const exact = new Exact(price).mul(amount).div(1_000_000);
  const rounded = exact.toDecimalPlaces(9);
  if (!rounded.eq(exact)) inexact += 1;
  exactUsd = exactUsd.add(rounded);
}

function addAsFloats(price, amount) {
  floatUsd += (Number(price) * amount) / 1_000_000;
}

function time(name, work) {
  const start = process.hrtime.bigint();
  work();
  taken[name] += process.hrtime.bigint() - start;
}

function usdOf(nanoUsd) {
  return new Exact(nanoUsd.toString()).div(1_000_000_000).toFixed(9);
}
