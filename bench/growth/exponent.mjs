import { medianOf } from '../lib/rounds.mjs';

/**
 * With which power of the work its whole cost grows: the slope of a line through the logarithms of both. 1 is linear.
 * The upper half is fitted by itself too: there, what an operation costs anyway hides the least.
 *
 * @param {readonly number[]} works
 * @param {readonly (readonly number[])[]} totals for each of the works, its whole cost in each round
 */
export function exponentOf(works, totals) {
  const upper = Math.min(works.length - 3, works.length >> 1);
  return { whole: slopes(works, totals), upper: slopes(works.slice(upper), totals.slice(upper)) };
}

/** Of each round by itself, as within one round the points meet the same machine. */
function slopes(works, totals) {
  const all = totals[0].map((_, round) =>
    slopeOf(
      works.map(Math.log),
      totals.map((rounds) => Math.log(rounds[round])),
    ),
  );
  return { median: medianOf(all), least: Math.min(...all), most: Math.max(...all) };
}

/** Least squares. */
function slopeOf(xs, ys) {
  const [meanX, meanY] = [xs, ys].map(
    (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  );
  const covariance = xs.reduce((sum, x, at) => sum + (x - meanX) * (ys[at] - meanY), 0);
  return covariance / xs.reduce((sum, x) => sum + (x - meanX) ** 2, 0);
}
