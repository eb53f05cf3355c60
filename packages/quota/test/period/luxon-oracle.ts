import { DateTime } from 'luxon';
import type { Period, PeriodKind } from '../../src/period/period-types';

const minuteMs = 60_000;
const gridMs = 15 * minuteMs;
const dayMs = 86_400_000;

/** Periods by another library and another way: looks at the local clock minute by minute instead of calculating. */
export function periodByLuxon(kind: PeriodKind, atMs: number, timeZone: string, anchorDay = 1): Period {
  if (kind === 'second' || kind === 'minute') {
    const start = DateTime.fromMillis(atMs, { zone: 'UTC' }).startOf(kind);
    return { startAtMs: start.toMillis(), endAtMs: start.plus({ [kind]: 1 }).toMillis() };
  }
  if (kind === 'hour') return hourByLuxon(atMs, timeZone);
  const starts = startDates(kind, DateTime.fromMillis(atMs, { zone: timeZone }), anchorDay).map((date) =>
    firstInstantOf(date, timeZone),
  );
  const at = starts.findLastIndex((startAtMs) => startAtMs <= atMs);
  return { startAtMs: starts[at] as number, endAtMs: starts[at + 1] as number };
}

/** Dates on which periods begin, from before the one of an instant to after the next. */
function startDates(kind: PeriodKind, now: DateTime, anchorDay: number): readonly string[] {
  const today = DateTime.fromISO(now.toISODate() as string, { zone: 'UTC' });
  if (kind === 'day') return [-1, 0, 1, 2].map((days) => isoDate(today.plus({ days })));
  if (kind === 'week') return [-1, 0, 1, 2].map((weeks) => isoDate(today.startOf('week').plus({ weeks })));
  return [-2, -1, 0, 1, 2].map((months) => {
    const month = today.startOf('month').plus({ months });
    const day = kind === 'month' ? 1 : Math.min(anchorDay, month.daysInMonth as number);
    return isoDate(month.set({ day }));
  });
}

/** The first instant at which the local clock shows a date, or a later one where the date was left out. */
function firstInstantOf(date: string, timeZone: string): number {
  const reaches = (atMs: number) => isoDate(DateTime.fromMillis(atMs, { zone: timeZone })) >= date;
  let reachedAtMs = DateTime.fromISO(date, { zone: 'UTC' }).toMillis() - dayMs;
  while (!reaches(reachedAtMs)) reachedAtMs += gridMs;
  let notYetAtMs = reachedAtMs - gridMs;
  while (reachedAtMs - notYetAtMs > 1) {
    const middleAtMs = Math.floor((notYetAtMs + reachedAtMs) / 2);
    if (reaches(middleAtMs)) reachedAtMs = middleAtMs;
    else notYetAtMs = middleAtMs;
  }
  return reachedAtMs;
}

/** Steps to where the local minute is 0, or where the clock was set by a part of an hour. */
function hourByLuxon(atMs: number, timeZone: string): Period {
  const begins = (minuteAtMs: number) => {
    const { minute, offset } = DateTime.fromMillis(minuteAtMs, { zone: timeZone });
    const before = DateTime.fromMillis(minuteAtMs - 1, { zone: timeZone });
    return minute === 0 || (offset - before.offset) % 60 !== 0;
  };
  let startAtMs = Math.floor(atMs / minuteMs) * minuteMs;
  let endAtMs = startAtMs + minuteMs;
  while (!begins(startAtMs)) startAtMs -= minuteMs;
  while (!begins(endAtMs)) endAtMs += minuteMs;
  return { startAtMs, endAtMs };
}

function isoDate(date: DateTime): string {
  return date.toISODate() as string;
}
