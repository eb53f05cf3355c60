/** Least, middle and greatest of some figures, rounded. */
export function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN);
  return `${at(0)}/${at(0.5)}/${at(1)}`;
}
