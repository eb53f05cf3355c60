/** Of the text of one import, in UTF-8. */
export const maxImportBytes = 1_000_000;
export const maxImportRows = 2_000;

/**
 * What becomes of a row: `ready` where it was only checked; `exists` where the workspace, or the file above it, has the
 * address already; `no-room` where the plan holds no more contacts.
 */
export type RowOutcome = 'ready' | 'created' | 'exists' | 'no-room' | 'error';

export interface RowError {
  /** Heading of its column; empty for the row as a whole. */
  readonly column: string;
  readonly message: string;
  /** What the cell said, shortened. */
  readonly said: string;
}

export interface RowReport {
  /** Where it begins in the file; the first line is 1. */
  readonly line: number;
  readonly outcome: RowOutcome;
  readonly errors: readonly RowError[];
}

/** What became, or would become, of every row of a file: `rows` are as many as the file has. */
export interface ImportReport {
  readonly dryRun: boolean;
  readonly counts: Readonly<Record<RowOutcome, number>>;
  readonly rows: readonly RowReport[];
  /** Headings that mean nothing here; their cells are not read. */
  readonly ignoredColumns: readonly string[];
  /** The rows with errors and those without room, as CSV with why; `null` where there are none. */
  readonly rejected: string | null;
}
