/** Where a bar stands on the time of the whole trace, in percent; one too short to be seen is a hair. */
export function barOf(offsetMs: number, durationMs: number, wholeMs: number) {
  const hair = 0.4;
  const whole = Math.max(wholeMs, 0.001);
  const start = Math.min(Math.max((offsetMs / whole) * 100, 0), 100 - hair);
  return { start, width: Math.min(Math.max((durationMs / whole) * 100, hair), 100 - start) };
}

/** Quarters of the time of the whole, for the ruler above the bars. */
export function ticksOf(wholeMs: number) {
  return [0, 25, 50, 75, 100].map((percent) => ({ percent, atMs: (wholeMs * percent) / 100 }));
}
