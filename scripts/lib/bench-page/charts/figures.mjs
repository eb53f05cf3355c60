/**
 * Numbers as they are read: counts as they are, else three digits that mean something.
 *
 * @param {number} value
 */
export function figure(value) {
  const size = Math.abs(value);
  if (size >= 1_000 || Number.isInteger(value)) return Math.round(value).toLocaleString('en');
  if (size >= 100) return value.toFixed(0);
  return size < 1e-3 ? value.toExponential(2) : value.toPrecision(3);
}

/**
 * A number beside a mark of an axis, short: `20k`, `0.5`.
 *
 * @param {number} value
 */
export function tickLabel(value) {
  const size = Math.abs(value);
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(3))}k`;
  return size >= 1_000 ? value.toLocaleString('en') : String(Number(value.toPrecision(3)));
}
