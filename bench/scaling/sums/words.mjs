/** Numbers as they are read: two or three digits that mean something, and the thousands apart. */
export function num(value) {
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  if (digits > 0) return String(Number(value.toFixed(digits)));
  const rounded = Number(value.toPrecision(3));
  return rounded.toLocaleString('en-US');
}

/** 4.2 k, 1.3 M, 2.6 G: for what nobody counts one by one. */
export function big(value) {
  const steps = [
    [1e12, 'T'],
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ];
  const [step, letter] = steps.find(([size]) => Math.abs(value) >= size) ?? [1, ''];
  return `${Number((value / step).toPrecision(3))}${letter ? ` ${letter}` : ''}`;
}

export const bytes = (value) => `${big(value)}B`.replace(/(\d)B$/, '$1 B');

export const percent = (share) => (share < 10 ? `${num(share * 100)} %` : `${num(share)} times`);

/** Shares of a whole, which add up to it. */
export const wholePercent = (share) => (share > 0 && share < 0.01 ? '<1 %' : `${Math.round(share * 100)} %`);

export const loadName = (load) => (load >= 1e6 ? `${load / 1e6} M req/s` : `${load / 1e3} k req/s`);

/** How many of something are needed, which are whole. */
export const needed = (count) => Math.max(1, Math.ceil(count - 1e-9));
