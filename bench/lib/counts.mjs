/** @param {Record<string, number>} counts such as failures by kind */
export function sumOf(counts) {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** @param {Record<string, number>} counts */
export function wordsOf(counts) {
  return (
    Object.entries(counts)
      .map(([what, count]) => `${count} × ${what}`)
      .join(', ') || '0'
  );
}
