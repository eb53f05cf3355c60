const number = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

const longer = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const;

/** `0.8 ms`, `12 ms`, `1.4 s`, `3 min`, `2.5 h`, `4 d`. */
export function duration(ms: number): string {
  if (ms < 10) return `${number.format(ms)} ms`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const unit = longer.find(([, unitMs]) => ms >= unitMs);
  return unit ? `${number.format(ms / unit[1])} ${unit[0]}` : `${number.format(ms / 1_000)} s`;
}

/** `12 s ago`; what lies within a second, or ahead by a difference of clocks, is `just now`. */
export function ago(atMs: number, nowMs: number): string {
  const ms = nowMs - atMs;
  return ms < 1_000 ? 'just now' : `${seconds(ms)} ago`;
}

/** Whole seconds, for what counts: `0 s`, `59 s`; from a minute on as a duration. */
export function seconds(ms: number): string {
  return ms < 60_000 ? `${Math.max(Math.floor(ms / 1_000), 0)} s` : duration(ms);
}

/** `23:14:05`, in UTC. */
export function timeOfDay(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, 19);
}

/** `2026-11-22 23:14:05 UTC`. */
export function exactTime(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
