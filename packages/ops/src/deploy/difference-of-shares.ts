/** One-sided 99.9 %: the counters are looked at again and again, and each look is another chance to be wrong. */
const z = 3.09;

/** So many of so many. */
export interface Share {
  readonly count: number;
  readonly of: number;
}

/**
 * By how much the one share is higher than the other, at least and at most: Newcombe's interval for the difference of
 * two independent proportions (Statistics in Medicine 17, 1998, method 10), from Wilson's interval of each. It holds for
 * few requests and for shares of 0 and 1, where the usual one does not.
 */
export function differenceOfShares(one: Share, other: Share): readonly [number, number] {
  const [a, b] = [wilson(one), wilson(other)];
  const difference = a.share - b.share;
  return [
    difference - Math.hypot(a.share - a.least, b.most - b.share),
    difference + Math.hypot(a.most - a.share, b.share - b.least),
  ];
}

function wilson({ count, of }: Share): { share: number; least: number; most: number } {
  if (of === 0) return { share: 0, least: 0, most: 1 };
  const share = count / of;
  const middle = (share + z ** 2 / (2 * of)) / (1 + z ** 2 / of);
  const half = (z * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2))) / (1 + z ** 2 / of);
  return { share, least: Math.max(0, middle - half), most: Math.min(1, middle + half) };
}
