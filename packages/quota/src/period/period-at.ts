import { describeValue } from '@unite/shared';
import { checkCalendar } from './check-calendar';
import { datePeriodAt, days, firstOfMonth, monthsFrom, weeks } from './date-period';
import { localHourAt } from './local-hour';
import type { Calendar, Period, PeriodKind } from './period-types';

const secondMs = 1_000;
const minuteMs = 60_000;
/** The years 1 to 9999 in UTC, so that both ends of a period are instants too. */
const firstAtMs = Date.parse('0001-01-01T00:00:00Z');
const lastAtMs = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * The period that an instant falls into. Periods of a kind follow each other without gap or overlap: the next one
 * begins at `endAtMs`.
 *
 * - Seconds and minutes are the same in every time zone.
 * - Hours begin with the local hour, so at half past where the offset has half an hour. A shift of the clock by less
 *   than an hour begins one too.
 * - Days, weeks (from Monday) and months begin at local midnight, or where there is none, when the day begins. A day
 *   may have 23 or 25 hours. A day that a zone left out has no period.
 * - Billing periods begin at that time too, on the day of the month of the anchor or the month's last, before the
 *   anchor as after it. Without an anchor they are the calendar's months.
 *
 * @param atMs since the epoch, in the years 1 to 9999
 * @throws QuotaError `UNITE_QUOTA_CALENDAR_INVALID`
 * @throws RangeError for what is no instant
 * @throws TypeError for what is no kind
 * @example
 * periodAt('billingPeriod', Date.now(), { timeZone: 'Europe/Berlin', billingAnchor: '2026-01-31' });
 */
export function periodAt(kind: PeriodKind, atMs: number, calendar: Calendar = {}): Period {
  checkCalendar('periodAt', calendar);
  checkInstant(atMs);
  const { timeZone = 'UTC', billingAnchor = firstOfMonth } = calendar;
  switch (kind) {
    case 'second':
      return stretchAt(atMs, secondMs);
    case 'minute':
      return stretchAt(atMs, minuteMs);
    case 'hour':
      return localHourAt(atMs, timeZone);
    case 'day':
      return datePeriodAt(atMs, timeZone, days);
    case 'week':
      return datePeriodAt(atMs, timeZone, weeks);
    case 'month':
      return datePeriodAt(atMs, timeZone, monthsFrom(firstOfMonth));
    case 'billingPeriod':
      return datePeriodAt(atMs, timeZone, monthsFrom(billingAnchor));
    default:
      throw new TypeError(`periodAt: kind must be a kind of period, got ${describeValue(kind)}`);
  }
}

function checkInstant(atMs: number): void {
  if (typeof atMs === 'number' && atMs >= firstAtMs && atMs <= lastAtMs) return;
  const demand = 'milliseconds since the epoch in the years 1 to 9999';
  throw new RangeError(`periodAt: atMs must be ${demand}, got ${describeValue(atMs)}`);
}

function stretchAt(atMs: number, lengthMs: number): Period {
  const startAtMs = Math.floor(atMs / lengthMs) * lengthMs;
  return { startAtMs, endAtMs: startAtMs + lengthMs };
}
