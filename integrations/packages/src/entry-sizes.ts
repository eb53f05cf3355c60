/** What a readme says that an entry weighs, minified and compressed. */
export interface EntrySize {
  /** Such as `@unite/core/context`. */
  readonly entry: string;
  readonly bytes: number;
  readonly limit: number;
}

const row = /^\| `(@unite\/[^`]+)` .*\| ([\d.]+) (k?B) \(([\d.]+) (k?B)\) +\|/gm;

/** The sizes in a readme's table of entries, as `npm run sizes` writes them: `3.7 kB (4 kB)`. */
export function entrySizesIn(readme: string): EntrySize[] {
  return [...readme.matchAll(row)].map(([, entry = '', size, unit, limit, limitUnit]) => ({
    entry,
    bytes: bytesOf(size, unit),
    limit: bytesOf(limit, limitUnit),
  }));
}

function bytesOf(amount: string | undefined, unit: string | undefined): number {
  return Math.round(Number(amount) * (unit === 'kB' ? 1_000 : 1));
}
