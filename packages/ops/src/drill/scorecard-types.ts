import type { Clock } from '@unite/core';
import type { Drill, ScoreRow } from './drill-types';

/** Options of `runDrills`. */
export interface RunDrillsOptions {
  /** At most 100. They run one after the other, in this order. */
  readonly drills: readonly Drill[];
  /** Which of them, by name; still in the order of the list. @default all */
  readonly only?: readonly string[] | undefined;
  /**
   * Hosts beyond this machine that may be broken as well, as their URLs write them: those of a test environment that
   * nobody lives in. @default none
   */
  readonly allowTargets?: readonly string[] | undefined;
  /** Longest time for each step that undoes a fault, in milliseconds. @default 60_000 */
  readonly undoTimeoutMs?: number | undefined;
  /** Ends the run early: what was broken is mended, and what was measured is reported. */
  readonly signal?: AbortSignal | undefined;
  /** Hears what is being done. */
  readonly onProgress?: ((progress: DrillProgress) => void) | undefined;
  /** How names become addresses. @default the system's, as clients ask it */
  readonly lookup?: LookUp | undefined;
  readonly clock?: Clock | undefined;
}

/** Every address of a name. */
export type LookUp = (name: string) => Promise<readonly string[]>;

/** One line of what is being done. */
export interface DrillProgress {
  /** Name of the drill. */
  readonly drill: string;
  readonly text: string;
  /** A fault was not undone: somebody has to look. */
  readonly isAlarm: boolean;
}

/** How many promises came to what. */
export interface ScoreCounts {
  readonly kept: number;
  readonly missed: number;
  readonly notMeasurable: number;
}

/** What one drill measured. */
export interface DrillReport {
  readonly name: string;
  readonly about: string;
  /** With the time that undoing took. */
  readonly durationMs: number;
  /** Each promise once. Empty only where the run was interrupted before anything was measured. */
  readonly rows: readonly ScoreRow[];
}

/** What a run of drills measured. */
export interface Scorecard {
  /** Nothing was missed, and the run came to its end. What could not be measured does not fail; it is counted. */
  readonly passed: boolean;
  /** The signal ended it early. */
  readonly interrupted: boolean;
  /** Why no further drill was begun: a fault that could not be undone. */
  readonly stopped?: string | undefined;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly counts: ScoreCounts;
  /** In the order in which they ran. */
  readonly drills: readonly DrillReport[];
  /** Names of those that did not begin, because the run was interrupted or stopped. */
  readonly notBegun: readonly string[];
}
