/**
 * Where values stand along a line, and which of them get a mark. A linear axis begins at zero: lengths of bars are
 * compared.
 *
 * @param {{ values: readonly number[], from: number, to: number, isLog?: boolean, limit?: number }} options `from` and
 *   `to` in pixels; values beyond `limit` are cut off there
 * @returns {{ at: (value: number) => number, ticks: readonly number[], most: number }}
 */
export function axis({ values, from, to, isLog = false, limit = Infinity }) {
  const most = Math.min(limit, Math.max(...values));
  return isLog ? logAxis(values, most, from, to) : linearAxis(most, from, to);
}

/** @param {number} most @param {number} from @param {number} to */
function linearAxis(most, from, to) {
  const top = most > 0 ? most : 1;
  const step = niceStep(top / 5);
  const ticks = Array.from({ length: Math.floor(top / step + 1e-9) + 1 }, (_, index) => index * step);
  const at = (/** @type {number} */ value) => from + (clamp(value, 0, top) / top) * (to - from);
  return { at, ticks, most: top };
}

/** @param {readonly number[]} values @param {number} most @param {number} from @param {number} to */
function logAxis(values, most, from, to) {
  const positive = values.filter((value) => value > 0);
  const low = Math.floor(Math.log10(Math.min(...positive, most)) + 1e-9);
  const high = Math.max(low + 1, Math.ceil(Math.log10(most) - 1e-9));
  const every = Math.max(1, Math.ceil((high - low) / 8));
  const ticks = [];
  for (let power = low; power <= high; power += every) ticks.push(10 ** power);
  const at = (/** @type {number} */ value) =>
    from + ((Math.log10(clamp(value, 10 ** low, 10 ** high)) - low) / (high - low)) * (to - from);
  return { at, ticks, most: 10 ** high };
}

/** The next of 1, 2 and 5 times a power of ten. @param {number} least */
function niceStep(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((factor) => factor * power >= least * 0.999) ?? 10);
}

/** @param {number} value @param {number} least @param {number} most */
function clamp(value, least, most) {
  return Math.min(Math.max(value, least), most);
}
