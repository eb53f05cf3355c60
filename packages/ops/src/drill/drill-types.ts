/** What a drill is run with. */
export interface DrillRun {
  /** Aborts when the time is up or the run was interrupted; what was broken is mended even then. */
  readonly signal: AbortSignal;
  /** Says what is being done. */
  note(text: string): void;
  /** Adds a row to the scorecard. */
  score(row: ScoreRow): void;
  /** Registers what undoes a fault: run in reverse order at the end of the drill, whatever happened. */
  undo(work: () => Promise<unknown> | unknown): void;
}

/** One promise, measured in this run. */
export interface ScoreRow {
  /** What was promised: `API p95 < 200 ms`. */
  readonly promise: string;
  /** What was measured, with its unit; with `not-measurable` why it cannot be measured here. */
  readonly measured: string;
  /** `not-measurable` is no pass: it is counted apart. */
  readonly outcome: 'kept' | 'missed' | 'not-measurable';
  /** Figures for `--json`, names with units. */
  readonly figures?: Readonly<Record<string, number | string | boolean>> | undefined;
}

/** One game day: breaks something under load, measures, mends it. */
export interface Drill {
  /** One word with dashes, unique: `kill-primary`. */
  readonly name: string;
  /** One line for `unite drill --list`. */
  readonly about: string;
  /**
   * Every address that it touches, by URL. Unless all are of this machine, the drill is refused. A drill without any
   * is refused, too: nobody knows what it would break.
   */
  readonly targets: readonly string[];
  /** Longest time, in milliseconds; then it has failed, and is undone. @default 120_000 */
  readonly timeoutMs?: number | undefined;
  run(run: DrillRun): Promise<void>;
}
