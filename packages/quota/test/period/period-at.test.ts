import { describe, expect, it } from '@jest/globals';
import { QuotaError } from '../../src/errors';
import { periodAt } from '../../src/period/period-at';
import type { Calendar, PeriodKind } from '../../src/period/period-types';
import { previousPeriod } from '../../src/period/previous-period';

const hourMs = 3_600_000;

describe('periodAt', () => {
  it.each([
    ['second', '2026-11-26T10:17:42.000Z', '2026-11-26T10:17:43.000Z'],
    ['minute', '2026-11-26T10:17:00.000Z', '2026-11-26T10:18:00.000Z'],
    ['hour', '2026-11-26T10:00:00.000Z', '2026-11-26T11:00:00.000Z'],
    ['day', '2026-11-26T00:00:00.000Z', '2026-11-27T00:00:00.000Z'],
    // Thursday: the week began on Monday.
    ['week', '2026-11-23T00:00:00.000Z', '2026-11-30T00:00:00.000Z'],
    ['month', '2026-11-01T00:00:00.000Z', '2026-12-01T00:00:00.000Z'],
    ['billingPeriod', '2026-11-01T00:00:00.000Z', '2026-12-01T00:00:00.000Z'],
  ] as const)('is the %s in UTC where nothing else is said', (kind, start, end) => {
    expect(periodOf(kind, '2026-11-26T10:17:42.123Z')).toEqual([start, end]);
    expect(periodOf(kind, '2026-11-26T10:17:42.123Z', { timeZone: 'utc' })).toEqual([start, end]);
  });

  it('is exact before the epoch, between milliseconds and at the boundary itself', () => {
    expect(periodOf('second', '1969-12-31T23:59:59.999Z')[0]).toBe('1969-12-31T23:59:59.000Z');
    expect(periodOf('month', '1969-12-31T23:59:59.999Z')[0]).toBe('1969-12-01T00:00:00.000Z');
    for (const kind of ['second', 'hour', 'day', 'billingPeriod'] as const) {
      expect(periodAt(kind, -0.25).endAtMs).toBe(0);
      expect(periodAt(kind, 0.25).startAtMs).toBe(0);
      expect(periodAt(kind, -1).endAtMs).toBe(0);
      expect(periodAt(kind, 0).startAtMs).toBe(0);
    }
  });

  it.each([
    // Kathmandu is 5:45 ahead of UTC, Kolkata 5:30.
    ['Asia/Kathmandu', '2026-11-26T10:20Z', '2026-11-26T10:15:00.000Z', '2026-11-26T11:15:00.000Z'],
    ['Asia/Kolkata', '2026-11-26T10:20Z', '2026-11-26T09:30:00.000Z', '2026-11-26T10:30:00.000Z'],
    // Lord Howe Island goes from 02:00 (+11) back to 01:30 (+10:30), at 15:00 UTC: the hour from 1 to 2 is a whole
    // one, and half of it comes again.
    ['Australia/Lord_Howe', '2024-04-06T14:10Z', '2024-04-06T14:00:00.000Z', '2024-04-06T15:00:00.000Z'],
    ['Australia/Lord_Howe', '2024-04-06T15:00Z', '2024-04-06T15:00:00.000Z', '2024-04-06T15:30:00.000Z'],
    // Six months later it goes from 02:00 (+10:30) to 02:30 (+11), at 15:30 UTC.
    ['Australia/Lord_Howe', '2024-10-05T15:40Z', '2024-10-05T15:30:00.000Z', '2024-10-05T16:00:00.000Z'],
    ['Australia/Lord_Howe', '2024-10-05T15:29Z', '2024-10-05T14:30:00.000Z', '2024-10-05T15:30:00.000Z'],
    // Pyongyang went from 23:30 (+8:30) to 24:00 (+9): in the middle of an hour.
    ['Asia/Pyongyang', '2018-05-04T14:45Z', '2018-05-04T14:30:00.000Z', '2018-05-04T15:00:00.000Z'],
    ['Asia/Pyongyang', '2018-05-04T15:00Z', '2018-05-04T15:00:00.000Z', '2018-05-04T16:00:00.000Z'],
    // A shift by a whole hour leaves the full hours where they are.
    ['Europe/Berlin', '2024-10-27T00:59Z', '2024-10-27T00:00:00.000Z', '2024-10-27T01:00:00.000Z'],
    ['Europe/Berlin', '2024-10-27T01:00Z', '2024-10-27T01:00:00.000Z', '2024-10-27T02:00:00.000Z'],
  ])('begins the hour with the local one: %s %s', (timeZone, at, start, end) => {
    expect(periodOf('hour', at, { timeZone })).toEqual([start, end]);
  });

  it.each([
    ['Europe/Berlin', '2024-03-31T12:00Z', '2024-03-30T23:00:00.000Z', 23],
    ['Europe/Berlin', '2024-10-27T12:00Z', '2024-10-26T22:00:00.000Z', 25],
    ['Australia/Lord_Howe', '2024-04-07T00:00Z', '2024-04-06T13:00:00.000Z', 24.5],
    // The clock went from 24:00 to 01:00.
    ['America/Sao_Paulo', '2018-11-04T12:00Z', '2018-11-04T03:00:00.000Z', 23],
    ['America/Sao_Paulo', '2018-11-03T12:00Z', '2018-11-03T03:00:00.000Z', 24],
    ['Asia/Beirut', '2024-03-31T12:00Z', '2024-03-30T22:00:00.000Z', 23],
    ['Africa/Cairo', '2024-04-26T12:00Z', '2024-04-25T22:00:00.000Z', 23],
    // The clock went from 24:00 back to 23:00: the day had that hour twice.
    ['America/Sao_Paulo', '2018-02-18T02:30Z', '2018-02-17T02:00:00.000Z', 25],
    // 00:00 to 01:00 came twice; the day begins with the first.
    ['America/Havana', '2024-11-03T12:00Z', '2024-11-03T04:00:00.000Z', 25],
    // From 00:01 back to 23:01: the day had begun and is not taken back.
    ['America/St_Johns', '2009-11-01T02:45Z', '2009-11-01T02:30:00.000Z', 25],
    // 30 December 2011 was left out.
    ['Pacific/Apia', '2011-12-30T09:59Z', '2011-12-29T10:00:00.000Z', 24],
    ['Pacific/Apia', '2011-12-30T10:00Z', '2011-12-30T10:00:00.000Z', 24],
  ])('has days as long as they are: %s %s', (timeZone, at, start, hours) => {
    const period = periodAt('day', Date.parse(at), { timeZone });
    expect(new Date(period.startAtMs).toISOString()).toBe(start);
    expect(period.endAtMs - period.startAtMs).toBe(hours * hourMs);
  });

  it('has weeks and months from local midnight', () => {
    const calendar = { timeZone: 'America/New_York' };
    // Sunday evening there, Monday in UTC.
    expect(periodOf('week', '2024-03-11T03:59:59.999Z', calendar)).toEqual([
      '2024-03-04T05:00:00.000Z',
      '2024-03-11T04:00:00.000Z',
    ]);
    expect(periodOf('month', '2024-03-01T04:59Z', calendar)).toEqual([
      '2024-02-01T05:00:00.000Z',
      '2024-03-01T05:00:00.000Z',
    ]);
    expect(periodOf('month', '2024-03-15T00:00Z', calendar)).toEqual([
      '2024-03-01T05:00:00.000Z',
      '2024-04-01T04:00:00.000Z',
    ]);
  });

  it('takes billing periods from the anchor, and never drifts from its day', () => {
    const calendar = { billingAnchor: '2024-01-31' };
    expect(startsFrom('2024-01-31T00:00Z', 15, calendar)).toEqual([
      '2024-01-31',
      '2024-02-29',
      '2024-03-31',
      '2024-04-30',
      '2024-05-31',
      '2024-06-30',
      '2024-07-31',
      '2024-08-31',
      '2024-09-30',
      '2024-10-31',
      '2024-11-30',
      '2024-12-31',
      '2025-01-31',
      '2025-02-28',
      '2025-03-31',
    ]);
    expect(startsFrom('2026-02-28T12:00Z', 3, calendar)).toEqual(['2026-02-28', '2026-03-31', '2026-04-30']);
    expect(startsFrom('2025-02-27T12:00Z', 1, calendar)).toEqual(['2025-01-31']);
  });

  it('has the same billing periods before an anchor in the future', () => {
    expect(startsFrom('2023-01-30T12:00Z', 4, { billingAnchor: '2030-05-31' })).toEqual([
      '2022-12-31',
      '2023-01-31',
      '2023-02-28',
      '2023-03-31',
    ]);
    // From 29 February: the 29th, except in other Februaries.
    expect(startsFrom('2023-01-30T12:00Z', 3, { billingAnchor: '2024-02-29' })).toEqual([
      '2023-01-29',
      '2023-02-28',
      '2023-03-29',
    ]);
  });

  it('begins a billing period at the local midnight of its day', () => {
    expect(
      periodOf('billingPeriod', '2024-03-31T00:00Z', {
        timeZone: 'Europe/Berlin',
        billingAnchor: '2024-01-31',
      }),
    ).toEqual(['2024-03-30T23:00:00.000Z', '2024-04-29T22:00:00.000Z']);
    // The 30th was left out, so the period begins with the 31st.
    expect(
      periodOf('billingPeriod', '2011-12-30T10:00Z', {
        timeZone: 'Pacific/Apia',
        billingAnchor: '2011-01-30',
      })[0],
    ).toBe('2011-12-30T10:00:00.000Z');
  });

  it('leaves other kinds alone when there is an anchor', () => {
    expect(periodOf('month', '2026-11-26T00:00Z', { billingAnchor: '2026-01-31' })[0]).toBe(
      '2026-11-01T00:00:00.000Z',
    );
  });

  it('knows time zones by any spelling and by their old names', () => {
    const at = '2024-07-01T12:00Z';
    const expected = periodOf('day', at, { timeZone: 'America/New_York' });
    for (const timeZone of ['america/new_york', 'US/Eastern', 'AMERICA/NEW_YORK']) {
      expect(periodOf('day', at, { timeZone })).toEqual(expected);
    }
  });

  it('works at both ends of the years that it knows, and refuses what is beyond', () => {
    const kinds = ['second', 'minute', 'hour', 'day', 'week', 'month', 'billingPeriod'] as const;
    const firstAtMs = Date.parse('0001-01-01T00:00:00Z');
    const lastAtMs = Date.parse('9999-12-31T23:59:59.999Z');
    for (const kind of kinds) {
      for (const timeZone of ['UTC', 'Pacific/Kiritimati', 'Pacific/Pago_Pago']) {
        for (const billingAnchor of ['0000-01-31', '9999-12-31']) {
          for (const atMs of [firstAtMs, lastAtMs]) {
            const period = periodAt(kind, atMs, { timeZone, billingAnchor });
            expect(period.startAtMs <= atMs && atMs < period.endAtMs).toBe(true);
          }
        }
      }
      for (const atMs of [NaN, Infinity, -Infinity, 8.64e15, -8.64e15, firstAtMs - 1, lastAtMs + 1]) {
        expect(() => periodAt(kind, atMs)).toThrow(RangeError);
      }
    }
    for (const atMs of ['0', null, undefined, 0n, new Date(0)]) {
      expect(() => periodAt('day', atMs as never)).toThrow(
        /^periodAt: atMs must be milliseconds since the epoch in the years 1 to 9999, got /,
      );
    }
  });

  it.each(['year', '', undefined, '__proto__'])('refuses the kind %p', (kind) => {
    expect(() => periodAt(kind as never, 0)).toThrow(TypeError);
    expect(() => periodAt(kind as never, 0)).toThrow('periodAt: kind must be a kind of period, got ');
  });

  it('refuses a calendar that is none', () => {
    expect(() => periodAt('second', 0, { timeZone: 'Mars/Base' })).toThrow(QuotaError);
    expect(() => periodAt('day', 0, { billingAnchor: '2026-02-31' })).toThrow(
      'periodAt: billingAnchor must be a date such as "2026-01-31", got "2026-02-31"',
    );
  });
});

describe('previousPeriod', () => {
  it('is the last full one', () => {
    const calendar = { timeZone: 'Europe/Berlin', billingAnchor: '2024-01-31' };
    const running = periodAt('billingPeriod', Date.parse('2024-03-31T12:00Z'), calendar);
    const last = previousPeriod('billingPeriod', running, calendar);
    expect(last.endAtMs).toBe(running.startAtMs);
    expect(new Date(last.startAtMs).toISOString()).toBe('2024-02-28T23:00:00.000Z');
    expect(previousPeriod('day', periodAt('day', 0))).toEqual({ startAtMs: -24 * hourMs, endAtMs: 0 });
  });
});

function periodOf(kind: PeriodKind, at: string, calendar?: Calendar): readonly string[] {
  const { startAtMs, endAtMs } = periodAt(kind, Date.parse(at), calendar);
  return [startAtMs, endAtMs].map((ms) => new Date(ms).toISOString());
}

/** First days of billing periods in UTC. */
function startsFrom(at: string, count: number, calendar: Calendar): readonly string[] {
  let atMs = Date.parse(at);
  return Array.from({ length: count }, () => {
    const { startAtMs, endAtMs } = periodAt('billingPeriod', atMs, calendar);
    atMs = endAtMs;
    return new Date(startAtMs).toISOString().slice(0, 10);
  });
}
