/** One drill, and how it stands while it runs. */
export interface DrillState {
  /** One word: `kill-replica`. */
  readonly name: string;
  /** What is broken: `Kill a replica`. */
  readonly title: string;
  /** What should hold, as a sentence to the person. */
  readonly holds: string;
  /** What to say while it runs: `replica_2 down`. */
  readonly broken: string;
  /** In milliseconds since the epoch; absent while it does not run. */
  readonly startedAtMs: number | undefined;
  /** It is undone by itself then. */
  readonly endsAtMs: number | undefined;
  /** Since it started. */
  readonly requests: number;
  readonly failed: number;
}

/** What may be broken here, and what is. */
export interface DrillReport {
  readonly atMs: number;
  /** Why none may be started. */
  readonly refusal: string | undefined;
  readonly drills: readonly DrillState[];
}
