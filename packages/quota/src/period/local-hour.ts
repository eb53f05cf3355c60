import {
  create as createZoned,
  getTimeZoneTransition,
  offsetNanoseconds,
  type TransitionDirection,
} from 'temporal-polyfill/fns/ZonedDateTime';
import type { Period } from './period-types';
import { epochMsOf, epochNs } from './zoned-instant';

const hourMs = 3_600_000;
const nanosPerMilli = 1_000_000;

/**
 * From one full local hour to the next. A shift of the clock by whole hours leaves the full hours where they are; one
 * by less, such as the half hour of Lord Howe Island, ends the hour and begins another.
 */
export function localHourAt(atMs: number, timeZone: string): Period {
  const offsetMs = offsetMsAt(atMs, timeZone);
  const startAtMs = Math.floor((atMs + offsetMs) / hourMs) * hourMs - offsetMs;
  const endAtMs = startAtMs + hourMs;
  const isShiftedAt = (otherMs: number) => (offsetMsAt(otherMs, timeZone) - offsetMs) % hourMs !== 0;
  return {
    // A transition at the instant itself is not before it.
    startAtMs: isShiftedAt(startAtMs) ? transitionMs(atMs + 1, timeZone, 'previous', startAtMs) : startAtMs,
    endAtMs: isShiftedAt(endAtMs - 1) ? transitionMs(atMs, timeZone, 'next', endAtMs) : endAtMs,
  };
}

function offsetMsAt(atMs: number, timeZone: string): number {
  return offsetNanoseconds(createZoned(epochNs(atMs), timeZone)) / nanosPerMilli;
}

function transitionMs(
  atMs: number,
  timeZone: string,
  direction: TransitionDirection,
  otherwiseMs: number,
): number {
  const transition = getTimeZoneTransition(createZoned(epochNs(atMs), timeZone), direction);
  return transition === null ? otherwiseMs : epochMsOf(transition);
}
