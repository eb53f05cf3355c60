import { periodAt } from './period-at';
import type { Calendar, Period, PeriodKind } from './period-types';

/**
 * The period that ended where this one begins; from the running billing period, the last full one.
 *
 * @param period of the same kind and calendar
 * @throws QuotaError `UNITE_QUOTA_CALENDAR_INVALID`
 */
export function previousPeriod(kind: PeriodKind, period: Period, calendar: Calendar = {}): Period {
  return periodAt(kind, period.startAtMs - 1, calendar);
}
