/**
 * For `SET`: forgotten after `ms`, an expression, counted from `now`, to the millisecond and never too early. With `PX`
 * the server would count from its next look at the clock, and a script that stands still in between keeps it for longer.
 */
export function forgetAfter(ms: string): string {
  return `'PXAT', string.format('%.0f', math.floor(now / 1000) + ${ms})`;
}
