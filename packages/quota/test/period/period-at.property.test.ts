import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { periodAt } from '../../src/period/period-at';
import type { Calendar, PeriodKind } from '../../src/period/period-types';
import { previousPeriod } from '../../src/period/previous-period';
import { periodByLuxon } from './luxon-oracle';

const kinds: readonly PeriodKind[] = ['second', 'minute', 'hour', 'day', 'week', 'month', 'billingPeriod'];
const dayMs = 86_400_000;

/** Clocks that did what a simple calculation does not expect, with the instant. */
const hardCases = [
  ['Pacific/Apia', '2011-12-30T10:00Z'],
  ['Pacific/Kwajalein', '1993-08-21T12:00Z'],
  ['Pacific/Kwajalein', '1969-09-30T13:00Z'],
  ['America/Sao_Paulo', '2018-11-04T03:00Z'],
  ['America/Sao_Paulo', '2018-02-18T02:00Z'],
  ['America/St_Johns', '2009-11-01T02:31Z'],
  ['America/St_Johns', '1988-04-03T03:31Z'],
  ['America/Havana', '2024-11-03T05:00Z'],
  ['America/Toronto', '1919-03-31T04:30Z'],
  ['Asia/Beirut', '2024-03-30T22:00Z'],
  ['Africa/Cairo', '2024-04-25T22:00Z'],
  ['Africa/Casablanca', '2024-03-10T02:00Z'],
  ['Africa/Casablanca', '2012-07-20T02:00Z'],
  ['Australia/Lord_Howe', '2024-04-06T15:00Z'],
  ['Australia/Lord_Howe', '2024-10-05T15:30Z'],
  ['Asia/Kathmandu', '1985-12-31T18:30Z'],
  ['Asia/Pyongyang', '2018-05-04T15:00Z'],
  ['America/Caracas', '2016-05-01T07:00Z'],
  ['Antarctica/Troll', '2024-03-31T01:00Z'],
  ['Antarctica/Casey', '2010-03-04T15:00Z'],
  ['Asia/Gaza', '2023-04-29T00:00Z'],
  ['Europe/Berlin', '2024-03-31T01:00Z'],
  ['Europe/Berlin', '2024-10-27T01:00Z'],
  ['America/Nuuk', '2024-03-31T01:00Z'],
  ['America/Scoresbysund', '2024-03-31T01:00Z'],
] as const;

const timeZones = Intl.supportedValuesOf('timeZone');
const anchor = fc
  .record({ year: fc.integer({ min: 1970, max: 2060 }), day: fc.integer({ min: 0, max: 365 }) })
  .map(({ year, day }) => new Date(Date.UTC(year, 0, 1) + day * dayMs).toISOString().slice(0, 10));

/** Since every offset is in whole minutes. */
const anyInstant = fc.record({
  timeZone: fc.constantFrom(...timeZones),
  atMs: fc.integer({ min: Date.UTC(1973, 0, 1), max: Date.UTC(2060, 0, 1) }),
});
const hardInstant = fc
  .record({
    hardCase: fc.constantFrom(...hardCases),
    awayMs: fc.oneof(
      fc.integer({ min: -2 * dayMs, max: 2 * dayMs }),
      fc.integer({ min: -40 * dayMs, max: 40 * dayMs }),
      fc.integer({ min: -7_200_000, max: 7_200_000 }),
      fc.constantFrom(-1, 0, 1),
    ),
  })
  .map(({ hardCase, awayMs }) => ({ timeZone: hardCase[0], atMs: Date.parse(hardCase[1]) + awayMs }));

const kind = fc.constantFrom(...kinds);

describe('periodAt', () => {
  it.each([
    ['any instant in any time zone', anyInstant, 200],
    ['instants around shifts of the clock', hardInstant, 200],
  ])('agrees with another library: %s', (_, instant, numRuns) => {
    fc.assert(
      fc.property(instant, kind, anchor, ({ timeZone, atMs }, of, billingAnchor) => {
        const expected = periodByLuxon(of, atMs, timeZone, Number(billingAnchor.slice(8)));
        expect(periodAt(of, atMs, { timeZone, billingAnchor })).toEqual(expected);
      }),
      { numRuns },
    );
  });

  it.each([
    ['any instant in any time zone', anyInstant],
    ['instants around shifts of the clock', hardInstant],
  ])('leaves no gap and no overlap: %s', (_, instant) => {
    fc.assert(
      fc.property(instant, kind, anchor, ({ timeZone, atMs }, of, billingAnchor) => {
        const calendar: Calendar = { timeZone, billingAnchor };
        const period = periodAt(of, atMs, calendar);
        const next = periodAt(of, period.endAtMs, calendar);
        expect(period.startAtMs).toBeLessThanOrEqual(atMs);
        expect(period.endAtMs).toBeGreaterThan(atMs);
        expect(periodAt(of, period.startAtMs, calendar)).toEqual(period);
        expect(periodAt(of, period.endAtMs - 1, calendar)).toEqual(period);
        expect(next.startAtMs).toBe(period.endAtMs);
        expect(previousPeriod(of, next, calendar)).toEqual(period);
        expect(previousPeriod(of, period, calendar).endAtMs).toBe(period.startAtMs);
      }),
      { numRuns: 500 },
    );
  });
});
