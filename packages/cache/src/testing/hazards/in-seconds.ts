/** A duration for people: `18 s`, `0.4 s`, `12 ms`. */
export function inSeconds(durationMs: number): string {
  if (durationMs < 100) return `${Math.round(durationMs)} ms`;
  const seconds = durationMs / 1_000;
  return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
}
