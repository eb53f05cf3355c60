import { expects, maxTimerMs } from '@unite/shared';

/** A time that a timer can wait. */
export const timerMs = expects(
  `a number of milliseconds above 0, at most ${maxTimerMs.toLocaleString('en')}`,
  (value) => typeof value === 'number' && value > 0 && value <= maxTimerMs,
);
