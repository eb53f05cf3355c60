import type { SloCounts } from './slo-types';

/** Both tails of 1 % of the normal distribution. */
const z = 2.5758293035489;

/**
 * Where the share of bad requests after, less the one before, lies with a confidence of 99 %.
 *
 * @see Newcombe 1998, "Interval estimation for the difference between independent proportions", method 10: it holds for
 *   few and rare events too
 */
export function differenceInterval(
  before: SloCounts,
  after: SloCounts,
): { readonly low: number; readonly high: number } {
  const one = shareOf(before);
  const other = shareOf(after);
  const difference = other.share - one.share;
  return {
    low: difference - Math.hypot(other.share - other.low, one.high - one.share),
    high: difference + Math.hypot(one.share - one.low, other.high - other.share),
  };
}

/** Wilson's score interval. */
function shareOf({ good, total }: SloCounts): { share: number; low: number; high: number } {
  const share = (total - good) / total;
  const middle = (share + z ** 2 / (2 * total)) / (1 + z ** 2 / total);
  const half =
    (z / (1 + z ** 2 / total)) * Math.sqrt((share * (1 - share)) / total + z ** 2 / (4 * total ** 2));
  return { share, low: middle - half, high: middle + half };
}
