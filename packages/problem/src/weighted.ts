/** Longer than any browser's `Accept`; the rest is not worth reading. */
const maxHeaderLength = 1_000;

/** The values of `a;q=0.5, b` with their weights (RFC 9110 §12.4.2). A weight that is no number counts as 0. */
export function weighted(header: string | null | undefined): { value: string; weight: number }[] {
  return (header ?? '')
    .slice(0, maxHeaderLength)
    .toLowerCase()
    .split(',')
    .map((part) => ({
      value: part.replace(/;.*/, '').trim(),
      weight: Number(/;\s*q\s*=([^;]*)/.exec(part)?.[1] ?? 1) || 0,
    }));
}
