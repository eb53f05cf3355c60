import { describe, expect, it } from '@jest/globals';
import { QuotaError } from '../../src/errors';
import { checkCalendar } from '../../src/period/check-calendar';

describe('checkCalendar', () => {
  it.each([
    {},
    { timeZone: undefined, billingAnchor: undefined },
    { timeZone: 'UTC' },
    { timeZone: 'Europe/Berlin', billingAnchor: '2024-02-29' },
    { timeZone: 'america/new_york' },
    { timeZone: 'Etc/GMT+5' },
    { billingAnchor: '1900-12-31' },
    { plan: 'free', timeZone: 'Asia/Kolkata' } as object,
  ])('takes %j', (calendar) => {
    expect(() => checkCalendar('check', calendar)).not.toThrow();
  });

  it('takes every time zone that Node knows', () => {
    for (const timeZone of Intl.supportedValuesOf('timeZone')) checkCalendar('check', { timeZone });
  });

  it.each([
    ['', '""'],
    ['Mars/Base', '"Mars/Base"'],
    ['Europe/Berlin ', '"Europe/Berlin "'],
    ['+02:00', '"+02:00"'],
    ['2024-01-01T00:00Z[UTC]', '"2024-01-01T00:00Z[UTC]"'],
    ['constructor', '"constructor"'],
    ['x'.repeat(100_000), `"${'x'.repeat(60)}…"`],
    [2, '2'],
    [null, 'null'],
    [['UTC'], 'an array'],
  ])('refuses the time zone %p', (timeZone, got) => {
    expect(() => checkCalendar('check', { timeZone: timeZone as never })).toThrow(
      calendarError(`check: timeZone must be an IANA name such as "Europe/Berlin", got ${got}`),
    );
  });

  it.each([
    ['', '""'],
    ['2026-02-31', '"2026-02-31"'],
    ['2026-02-29', '"2026-02-29"'],
    ['2026-13-01', '"2026-13-01"'],
    ['2026-00-10', '"2026-00-10"'],
    ['2026-01-00', '"2026-01-00"'],
    ['31-01-2026', '"31-01-2026"'],
    ['2026-1-31', '"2026-1-31"'],
    ['2026-01-31T00:00Z', '"2026-01-31T00:00Z"'],
    ['2026-01-31\n', '"2026-01-31\\n"'],
    ['+012026-01-31', '"+012026-01-31"'],
    [31, '31'],
    [null, 'null'],
    [new Date(0), 'an object'],
  ])('refuses the anchor %p', (billingAnchor, got) => {
    expect(() => checkCalendar('check', { billingAnchor: billingAnchor as never })).toThrow(
      calendarError(`check: billingAnchor must be a date such as "2026-01-31", got ${got}`),
    );
  });

  it.each([undefined, null, 'UTC', 5])('refuses the calendar %p', (calendar) => {
    expect(() => checkCalendar('check', calendar as never)).toThrow(QuotaError);
    expect(() => checkCalendar('check', calendar as never)).toThrow(
      'check: calendar must be an object, got ',
    );
  });

  function calendarError(message: string): unknown {
    return expect.objectContaining({ code: 'UNITE_QUOTA_CALENDAR_INVALID', message });
  }
});
