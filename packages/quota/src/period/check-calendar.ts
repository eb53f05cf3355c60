import { describeValue } from '@unite/shared';
import { create as createZoned } from 'temporal-polyfill/fns/ZonedDateTime';
import { QuotaError } from '../errors';
import type { Calendar } from './period-types';

/**
 * Checks a time zone and a billing anchor.
 *
 * @param owner what the calendar was given to, for the message
 * @throws QuotaError `UNITE_QUOTA_CALENDAR_INVALID` that names the field and what it got
 */
export function checkCalendar(owner: string, calendar: Calendar): void {
  if (typeof calendar !== 'object' || calendar === null)
    throw invalid(owner, 'calendar', 'an object', calendar);
  const { timeZone, billingAnchor } = calendar;
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    throw invalid(owner, 'timeZone', 'an IANA name such as "Europe/Berlin"', timeZone);
  }
  if (billingAnchor !== undefined && !isDate(billingAnchor)) {
    throw invalid(owner, 'billingAnchor', 'a date such as "2026-01-31"', billingAnchor);
  }
}

/** Offsets such as `+02:00` are none: they know nothing of summer time, and some versions of Node refuse them. */
function isTimeZone(value: unknown): value is string {
  if (typeof value !== 'string' || !/^[a-z]/i.test(value)) return false;
  try {
    createZoned(0n, value);
    return true;
  } catch {
    return false;
  }
}

/** `Date` turns 31 February into 3 March: what was written must come out again. */
function isDate(value: unknown): value is string {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) return false;
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}

function invalid(owner: string, field: string, demand: string, got: unknown): QuotaError {
  const message = `${owner}: ${field} must be ${demand}, got ${describeValue(got)}`;
  return new QuotaError('UNITE_QUOTA_CALENDAR_INVALID', message);
}
