/**
 * Where the labels of line ends stand, in percent from above: at their lines, but never closer to each other than
 * `apart`, and never outside.
 */
export function labelPlaces(ends: readonly number[], apart: number): readonly number[] {
  const order = ends.map((end, index) => ({ end, index })).sort((a, b) => a.end - b.end);
  let lowest = Number.NEGATIVE_INFINITY;
  const places = order.map(({ end }) => {
    lowest = Math.max(end, lowest + apart, apart / 2);
    return lowest;
  });
  // From below, back to where they fit.
  let highest = 100 - apart / 2 + apart;
  for (let index = places.length - 1; index >= 0; index--) {
    highest = Math.min(places[index] ?? 0, highest - apart);
    places[index] = highest;
  }
  const byIndex = order.map(({ index }, place) => [index, places[place] ?? 0] as const);
  return byIndex.sort(([a], [b]) => a - b).map(([, place]) => place);
}
