const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });
const dollar = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD' });
const fewCents = new Intl.NumberFormat('en', {
  style: 'currency',
  currency: 'USD',
  maximumSignificantDigits: 2,
});

/** `48,210`; below ten with one digit after the point. */
export function count(value: number): string {
  return Math.abs(value) < 10 ? short.format(value) : whole.format(value);
}

/** `1 request`, `12 requests`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `81 %`, without what it is a share of; of nothing there is no share: `–`. */
export function share(part: number, of: number): string {
  if (of === 0) return '–';
  // Rounded to nothing or to everything, it would say what is not so.
  if (part > 0 && part / of < 0.001) return '<0.1 %';
  if (part < of && part / of > 0.999) return '>99.9 %';
  return percent.format(part / of).replace('%', ' %');
}

/** `99.95 %`: a share that somebody has set, to its last digit. */
export function goal(target: number): string {
  return `${Number((target * 100).toFixed(6))} %`;
}

/** `81 % of 1,000`: a percentage with its denominator. */
export function shareOf(part: number, of: number): string {
  return of === 0 ? 'none yet' : `${share(part, of)} of ${count(of)}`;
}

/** `0 B`, `12 kB`, `1.4 MB`. */
export function bytes(value: number): string {
  if (value < 1_000) return `${whole.format(value)} B`;
  if (value < 1_000_000) return `${whole.format(value / 1_000)} kB`;
  return `${short.format(value / 1_000_000)} MB`;
}

/** Billionths of a dollar, as text, in dollars: `$0.0047`. */
export function dollars(nanoUsd: string): string {
  const usd = Number(nanoUsd) / 1e9;
  return (usd > 0 && usd < 0.1 ? fewCents : dollar).format(usd);
}
