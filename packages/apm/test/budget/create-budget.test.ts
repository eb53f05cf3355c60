import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { manualClock, settle } from '@unite/shared/testing';
import { createBudget } from '../../src/budget';
import type { BudgetOptions, BudgetUnit } from '../../src/budget/budget-types';
import type { ErrorEvent } from '../../src/capture/capture-types';
import type { MetricRecorder } from '../../src/metrics/recorder-types';
import { errorEvent } from '../support/error-event';

const noon = Date.UTC(2026, 10, 26, 12);
const dayMs = 86_400_000;

const warned: unknown[] = [];
const unhandled: unknown[] = [];
process.on('unhandledRejection', (reason) => unhandled.push(reason));
beforeEach(() => {
  Reflect.deleteProperty(globalThis, Symbol.for('unite.warned.1'));
  warned.length = 0;
  jest.spyOn(process, 'emitWarning').mockImplementation((_, options) => void warned.push(options));
});
afterEach(() => {
  jest.restoreAllMocks();
  expect(unhandled).toEqual([]);
});

function open(options?: BudgetOptions) {
  const time = { wallMs: noon, monotonicMs: 0 };
  const clock = { ...manualClock(), wallMs: () => time.wallMs, monotonicMs: () => time.monotonicMs };
  const told: string[] = [];
  const gauges: Record<string, number> = {};
  let puts = 0;
  const recorder: MetricRecorder = {
    declare: () => undefined,
    put: (_, value, labels) => {
      puts += 1;
      gauges[String(labels?.unit)] = value;
    },
  };
  const onUsed: BudgetOptions['onUsed'] = ({ unit, state, used }) => told.push(`${unit} ${state} ${used}`);
  const withListener = options && { onUsed, ...options };
  const budget = createBudget(withListener, { clock, recorder });
  const useOf = (unit: BudgetUnit) => budget.report().budgets.find((use) => use.unit === unit);
  return { budget, time, told, gauges, recorder, useOf, puts: () => puts };
}

function errorOf(type: string, given: Partial<ErrorEvent> = {}): ErrorEvent {
  return errorEvent({ type }, given);
}

const times = (count: number) => Array.from({ length: count }, (_, at) => at);

describe('without a budget', () => {
  it.each([undefined, {}])('there is no bound: %p', (options) => {
    const { budget, puts } = open(options);
    expect(times(100).every(() => budget.mayDeliver(errorOf('E')) && budget.usePoints(1_000))).toBe(true);
    expect(budget.report()).toEqual({ day: '2026-11-26', budgets: [] });
    expect(puts()).toBe(0);
  });

  it('of a unit, that one has no bound', () => {
    const { budget } = open({ pointsPerDay: 1 });
    expect(times(100).every(() => budget.mayDeliver(errorOf('E')))).toBe(true);
    expect(budget.report().budgets.map(({ unit }) => unit)).toEqual(['points']);
  });
});

describe('errors', () => {
  it('are sent until the budget is spent; then the first of each kind, and every fatal one', () => {
    const { budget, useOf, told } = open({ errorsPerDay: 10 });
    const sent = times(50).filter(() => budget.mayDeliver(errorOf('TypeError')));
    expect(sent).toHaveLength(10);
    expect(budget.mayDeliver(errorOf('RangeError'))).toBe(true);
    expect(budget.mayDeliver(errorOf('RangeError'))).toBe(false);
    expect(times(5).every(() => budget.mayDeliver(errorOf('TypeError', { level: 'fatal' })))).toBe(true);
    expect(useOf('errors')).toEqual({ unit: 'errors', used: 16, perDay: 10, dropped: 41, state: 'spent' });
    expect(told).toEqual(['errors alert 8', 'errors spent 10']);
  });

  it('are of one kind by their fingerprint, else by type and code', () => {
    const { budget } = open({ errorsPerDay: 1 });
    const [one] = errorOf('Error').exceptions;
    const kinds = [
      errorOf('Error'),
      errorOf('Error', { exceptions: [{ ...one, code: 'ECONNREFUSED' }] }),
      errorOf('Error', { fingerprint: ['a'] }),
      errorOf('Error', { fingerprint: ['a', 'b'] }),
    ];
    expect(kinds.map((event) => budget.mayDeliver(event))).toEqual([true, true, true, true]);
    expect(kinds.map((event) => budget.mayDeliver(event))).toEqual([false, false, false, false]);
  });

  it('of any number of kinds are bounded', () => {
    const { budget } = open({ errorsPerDay: 1 });
    const sent = times(5_000).filter((at) => budget.mayDeliver(errorOf('E', { fingerprint: [`${at}`] })));
    expect(sent).toHaveLength(1_000);
  });
});

describe('points', () => {
  it('are sent while they fit', () => {
    const { budget, useOf, gauges } = open({ pointsPerDay: 10 });
    expect([7, 4, 3, 1].map((count) => budget.usePoints(count))).toEqual([true, false, true, false]);
    expect(useOf('points')).toMatchObject({ used: 10, dropped: 5, state: 'spent' });
    expect(gauges).toEqual({ points: 1 });
  });

  it('are recorded as a metric for each percent, which may be a point itself', () => {
    const { budget, recorder, puts, useOf } = open({ pointsPerDay: 1_000 });
    const { put } = recorder;
    Object.assign(recorder, {
      put: (...given: Parameters<MetricRecorder['put']>) => {
        put(...given);
        budget.usePoints(1);
      },
    });
    for (const _ of times(2_000)) budget.usePoints(1);
    expect(puts()).toBeLessThanOrEqual(101);
    expect(useOf('points')).toMatchObject({ used: 1_000, state: 'spent' });
  });
});

describe('spans', () => {
  it('are counted by the reader, and only told', () => {
    let spans = 50;
    const { budget, time, told, useOf } = open({ spansPerDay: 1_000, spans: () => spans, pointsPerDay: 99 });
    expect(useOf('spans')).toMatchObject({ used: 50, state: 'within' });
    spans = 850;
    budget.mayDeliver(errorOf('E'));
    expect(told).toEqual(['spans alert 850']);
    spans = 1_200;
    // Not read for each value of a metric.
    expect(budget.usePoints(1)).toBe(true);
    expect(told).toHaveLength(1);
    time.monotonicMs = 1_000;
    budget.usePoints(1);
    expect(told).toEqual(['spans alert 850', 'spans spent 1200']);
    expect(budget.mayDeliver(errorOf('E'))).toBe(true);
    time.wallMs += dayMs;
    expect(useOf('spans')).toMatchObject({ used: 0, state: 'within' });
    spans = 20;
    expect(useOf('spans')).toMatchObject({ used: 20 });
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('no tracing');
      },
    ],
    ['is not a number', () => Number.NaN],
    ['is negative', () => -1],
    ['is a promise', () => Promise.resolve(1) as never],
  ])('are not counted where the reader %s', (_, spans) => {
    const { useOf } = open({ spansPerDay: 10, spans: spans as () => number });
    expect(useOf('spans')).toMatchObject({ used: 0, state: 'within' });
    expect(warned).toMatchObject([{ code: 'UNITE_APM_BUDGET_SPANS' }]);
  });
});

describe('a day', () => {
  it('begins at midnight in UTC, with everything whole and each step told anew', () => {
    const { budget, time, told, gauges, useOf } = open({ errorsPerDay: 2 });
    for (const _ of times(3)) budget.mayDeliver(errorOf('E'));
    time.wallMs = Date.UTC(2026, 10, 26, 23, 59, 59, 999);
    expect(budget.mayDeliver(errorOf('E'))).toBe(false);
    time.wallMs += 1;
    expect(budget.report()).toMatchObject({ day: '2026-11-27', budgets: [{ used: 0, dropped: 0 }] });
    expect(gauges).toEqual({ errors: 0 });
    expect(times(3).map(() => budget.mayDeliver(errorOf('E')))).toEqual([true, true, false]);
    expect(useOf('errors')).toMatchObject({ used: 2, dropped: 1 });
    expect(told).toHaveLength(4);
  });

  it('is not whole again when the clock goes back and forth over midnight', () => {
    const { budget, time } = open({ errorsPerDay: 2 });
    time.wallMs = Date.UTC(2026, 10, 27);
    const sent = times(100).filter((at) => {
      time.wallMs += at % 2 ? 5 : -5;
      return budget.mayDeliver(errorOf('E'));
    });
    expect(sent).toHaveLength(4);
    time.wallMs += 10_000 * dayMs;
    budget.report();
    time.wallMs -= 10_000 * dayMs;
    expect(budget.mayDeliver(errorOf('E'))).toBe(false);
  });

  it('is one of a few that are remembered', () => {
    const { budget, time } = open({ errorsPerDay: 1 });
    for (const _ of times(6)) {
      time.wallMs += dayMs;
      expect([budget.mayDeliver(errorOf('E')), budget.mayDeliver(errorOf('E'))]).toEqual([true, false]);
    }
    time.wallMs -= 5 * dayMs;
    expect(budget.mayDeliver(errorOf('E'))).toBe(true);
  });
});

describe('a listener', () => {
  it.each<[string, () => void]>([
    [
      'throws',
      () => {
        throw new Error('listener');
      },
    ],
    [
      'rejects',
      async () => {
        throw new Error('listener');
      },
    ],
  ])('that %s harms nothing', async (_, onUsed) => {
    const { budget, useOf } = open({ errorsPerDay: 1, onUsed });
    expect(budget.mayDeliver(errorOf('E'))).toBe(true);
    await settle();
    expect(useOf('errors')).toMatchObject({ state: 'spent' });
    expect(warned).toMatchObject([{ code: 'UNITE_APM_BUDGET_LISTENER' }]);
  });

  it('that reports an error of its own is not called again', () => {
    const calls: string[] = [];
    const { budget } = open({
      errorsPerDay: 1,
      onUsed: ({ state }) => {
        calls.push(state);
        budget.mayDeliver(errorOf('Own'));
      },
    });
    for (const _ of times(5)) budget.mayDeliver(errorOf('E'));
    expect(calls).toEqual(['alert', 'spent']);
  });

  it('need not be there', () => {
    const { budget } = open({ errorsPerDay: 1, onUsed: undefined });
    expect(budget.mayDeliver(errorOf('E'))).toBe(true);
  });
});

it.each<[string, unknown]>([
  ['option "errorsPerDay" must be a whole number from 1, got 0', { errorsPerDay: 0 }],
  ['option "pointsPerDay" must be a whole number from 1, got 1.5', { pointsPerDay: 1.5 }],
  ['option "onUsed" must be a function, got true', { onUsed: true }],
  ['"spansPerDay" needs "spans"', { spansPerDay: 5 }],
  ['unknown option "spansPerHour"', { spansPerHour: 5 }],
])('refuses at construction: %s', (text, options) => {
  expect(() => open(options as BudgetOptions)).toThrow(text);
});
