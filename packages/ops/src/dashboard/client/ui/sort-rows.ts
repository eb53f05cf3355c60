/** What a table is sorted by, if by anything. */
export interface Sorting {
  readonly column: string;
  readonly direction: 'ascending' | 'descending';
}

export type SortValue = string | number | null | undefined;

/** A sorted copy; what has no value comes last, whatever the direction. */
export function sortRows<Row>(
  rows: readonly Row[],
  measure: (row: Row) => SortValue,
  direction: Sorting['direction'],
): readonly Row[] {
  const sign = direction === 'ascending' ? 1 : -1;
  return [...rows].sort((a, b) => {
    const [left, right] = [measure(a) ?? null, measure(b) ?? null];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return sign * compare(left, right);
  });
}

function compare(left: string | number, right: string | number): number {
  return typeof left === 'number' && typeof right === 'number'
    ? left - right
    : String(left).localeCompare(String(right), 'en');
}
