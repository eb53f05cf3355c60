/** On their way to a number near 2^53, clients that read digit by digit pass it and round. */
const largestNumber = Number.MAX_SAFE_INTEGER - 100;

/** A local's value as every client reads it exactly: the largest as text. */
export function exact(local: string): string {
  return `${local} < ${largestNumber} and ${local} or string.format('%.0f', ${local})`;
}
