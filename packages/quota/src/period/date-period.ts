import {
  addDays,
  addMonths,
  addWeeks,
  create as createDate,
  diffDays,
  diffMonths,
  diffWeeks,
  type Record as PlainDate,
  toZonedDateTime,
} from 'temporal-polyfill/fns/PlainDate';
import { create as createZoned, toPlainDate } from 'temporal-polyfill/fns/ZonedDateTime';
import type { Period } from './period-types';
import { epochMsOf, epochNs } from './zoned-instant';

/** Dates at equal steps in both directions. Each is counted from the first, so that none drifts. */
export interface DateSteps {
  readonly first: PlainDate;
  add(date: PlainDate, steps: number): PlainDate;
  /** Steps between two dates, with a fraction. */
  diff(from: PlainDate, to: PlainDate): number;
}

export const days: DateSteps = { first: createDate(1970, 1, 1), add: addDays, diff: diffDays };

/** From Monday to Monday (ISO 8601-1:2019 §5.2.3). */
export const weeks: DateSteps = { first: createDate(1970, 1, 5), add: addWeeks, diff: diffWeeks };

/** An anchor with which billing periods are the calendar's months. */
export const firstOfMonth = '1970-01-01';

/** On the day of a date's month, or where a month has no such day, on its last. */
export function monthsFrom(date: string): DateSteps {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  return { first: createDate(year, month, day), add: addMonths, diff: diffMonths };
}

/** The period that lies between the beginnings of two neighbouring dates. */
export function datePeriodAt(atMs: number, timeZone: string, steps: DateSteps): Period {
  const today = toPlainDate(createZoned(epochNs(atMs), timeZone));
  let step = Math.floor(steps.diff(steps.first, today));
  let startAtMs = startOf(step, timeZone, steps);
  let endAtMs = startOf(step + 1, timeZone, steps);
  // A clock that is set back over midnight shows yesterday's date once more, after today has begun.
  while (endAtMs <= atMs) {
    step += 1;
    startAtMs = endAtMs;
    endAtMs = startOf(step + 1, timeZone, steps);
  }
  return { startAtMs, endAtMs };
}

/** Without a time, Temporal gives the first instant of the day: after a gap at midnight, or after a day left out. */
function startOf(step: number, timeZone: string, { first, add }: DateSteps): number {
  return epochMsOf(toZonedDateTime(add(first, step), timeZone));
}
