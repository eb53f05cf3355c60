import { describe, expect, it } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import type { FinishedRequest } from '../../src/observation/observation-types';
import { bucketsFor, createSloTracker, type Slo, slo } from '../../src/slo';

const minute = 60_000;
const latency = slo('api-latency', { route: 'GET /api/*', target: 0.99, underMs: 200 });
const errors = slo('api-errors', { target: 0.999 });

describe('slo', () => {
  it('fills in the defaults', () => {
    expect(errors).toEqual({
      name: 'api-errors',
      route: '*',
      target: 0.999,
      underMs: undefined,
      windowDays: 30,
    });
  });

  it.each([
    ['Api latency', { target: 0.9 }, /name must be lower-case words/],
    ['x'.repeat(61), { target: 0.9 }, /name must be/],
    [5, { target: 0.9 }, /name must be.*got 5/],
    ['a', { target: 1 }, /option "target" must be a share between 0 and 1.*got 1/],
    ['a', { target: 0 }, /"target"/],
    ['a', {}, /"target"/],
    ['a', undefined, /options must be an object/],
    ['a', { target: 0.9, underMs: 0 }, /"underMs"/],
    ['a', { target: 0.9, underMs: NaN }, /"underMs"/],
    ['a', { target: 0.9, windowDays: 1.5 }, /"windowDays"/],
    ['a', { target: 0.9, route: '/api' }, /"route" must be "\*", or a method and a template/],
    ['a', { target: 0.9, route: 'GET /a*b' }, /"route"/],
    ['a', { target: 0.9, route: 'GET*' }, /"route"/],
    ['a', { target: 0.9, route: 'GET /a b' }, /"route"/],
    ['a', { target: 0.9, days: 3 }, /unknown option "days"/],
  ])('refuses %p %p', (name, options, message) => {
    expect(() => slo(name as string, options as never)).toThrow(message);
  });
});

describe('bucketsFor', () => {
  it('has the bound of each objective, in order and once', () => {
    const slos = [
      latency,
      errors,
      slo('b', { target: 0.9, underMs: 250 }),
      slo('c', { target: 0.9, underMs: 30_000 }),
    ];
    expect(bucketsFor(slos)).toEqual([
      0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.25, 0.5, 1, 2.5, 5, 10, 30,
    ]);
  });
});

describe('createSloTracker', () => {
  it('counts good requests by route, duration and status, and leaves out those whose client was gone', () => {
    const { record, of } = tracker([latency, errors]);
    record({});
    record({ durationMs: 200 });
    record({ durationMs: 200.1 });
    record({ durationMs: NaN });
    record({ status: 503 });
    record({ isError: true });
    record({ isAborted: true });
    record({ route: 'POST /api/a' });
    record({ route: 'GET /other' });
    expect(of(latency).counts).toEqual({ good: 2, total: 6 });
    expect(of(errors).counts).toEqual({ good: 6, total: 8 });
  });

  it('pages where an hour and five minutes burn 14.4 times too fast, and stops soon after it is over', async () => {
    const { record, of, clock } = tracker([errors]);
    expect(of(errors)).toMatchObject({ state: 'no-data', burnRates: { '5m': undefined, '6h': undefined } });
    for (const _ of range(60)) {
      for (const _ of range(20)) record({});
      await clock.advance(minute);
    }
    expect(of(errors)).toMatchObject({ state: 'ok', burnRates: { '1h': 0, '6h': 0 } });

    for (const _ of range(20)) record({ status: 500 });
    const burning = of(errors);
    expect(burning.state).toBe('page');
    expect(burning.burnRates['1h']).toBeCloseTo(20 / 1_200 / 0.001, 6);
    expect(burning.burnRates['5m']).toBeCloseTo(20 / 100 / 0.001, 6);

    for (const _ of range(31)) {
      await clock.advance(minute);
      for (const _ of range(20)) record({});
    }
    expect(of(errors)).toMatchObject({ state: 'ok', burnRates: { '5m': 0, '30m': 0 } });
    expect(of(errors).burnRates['1h']).toBeGreaterThan(14.4);
  });

  it('pages over six hours, and warns below', async () => {
    const { record, of, clock } = tracker([errors]);
    const hours = async (count: number, badInAThousand: number): Promise<void> => {
      for (const _ of range(count * 60)) {
        await clock.advance(minute);
        for (const index of range(1_000)) record({ status: index < badInAThousand ? 500 : 200 });
      }
    };
    await hours(6, 2);
    expect(of(errors)).toMatchObject({ state: 'warning' });
    expect(of(errors).burnRates['6h']).toBeCloseTo(2, 9);
    await hours(6, 7);
    expect(of(errors).state).toBe('page');
    // Nothing of what is older than six hours is left, and a pause leaves no data.
    expect(of(errors).burnRates['6h']).toBeCloseTo(7, 9);
    await clock.advance(361 * minute);
    expect(of(errors)).toMatchObject({ state: 'no-data', counts: { total: 720_000 } });
    record({});
    expect(of(errors).burnRates).toEqual({ '5m': 0, '30m': 0, '1h': 0, '6h': 0 });
  });

  it('pages in an outage whatever the target', () => {
    const easy = slo('easy', { target: 0.5 });
    const { record, of } = tracker([easy]);
    for (const _ of range(10)) record({ status: 500 });
    expect(of(easy)).toMatchObject({ state: 'page', burnRates: { '5m': 2 } });
  });

  it.each([
    [0, 1, 'warning'],
    [0, 9, 'warning'],
    [0, 10, 'page'],
    [94, 5, 'warning'],
    [94, 6, 'page'],
  ])('after %p good requests and %p bad ones: %s', (good, bad, state) => {
    const { record, of } = tracker([errors]);
    for (const _ of range(good)) record({});
    for (const _ of range(bad)) record({ status: 500 });
    expect(of(errors).state).toBe(state);
  });

  it('does not mind a wall clock that jumps, nor routes without end', () => {
    const { record, of } = tracker([errors]);
    record({ endedAtMs: 0 });
    record({ endedAtMs: 9e15 });
    for (const index of range(3_000)) record({ route: `GET /${index}` });
    expect(of(errors).burnRates['5m']).toBe(0);
    expect(of(errors).counts.total).toBe(3_002);
  });
});

function tracker(slos: readonly Slo[]) {
  const clock = manualClock();
  const { record, reports } = createSloTracker(slos, { clock });
  const request: FinishedRequest = {
    route: 'GET /api/a',
    status: 200,
    isError: false,
    isAborted: false,
    durationMs: 5,
    endedAtMs: 0,
  };
  return {
    clock,
    record: (values: Partial<FinishedRequest>) => record({ ...request, ...values }),
    of: (objective: Slo) => {
      const found = reports().find((report) => report.slo === objective);
      if (!found) throw new Error('no report');
      return found;
    },
  };
}

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}
