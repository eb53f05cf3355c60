import type { Clock } from '@unite/core';
import { systemClock } from '@unite/shared';
import { checkDrillOptions } from './check-drill-options';
import { checkLocalTargets } from './check-local-targets';
import { chooseDrills } from './choose-drills';
import type { Drill } from './drill-types';
import { type Drilled, runDrill } from './run-drill';
import type { DrillReport, RunDrillsOptions, ScoreCounts, Scorecard } from './scorecard-types';

/**
 * Runs game days one after the other, each within its own time, and undoes what each of them broke before the next one
 * begins, in reverse order and whatever happened. One that throws, hangs or measures nothing is a missed promise. A
 * fault that cannot be undone ends the run, since whatever is measured after it says nothing.
 *
 * No drill begins unless every target of all of them is of this machine; names are looked up again right before.
 *
 * @throws TypeError for options that are none, and for a name that no drill has
 * @throws OpsError `UNITE_OPS_DRILL_REFUSED` that names the target
 * @example
 * const card = await runDrills({ drills: [killReplica, restoreBackup], onProgress: ({ text }) => console.error(text) });
 * console.log(formatScorecard(card));
 * process.exitCode = card.passed ? 0 : 1;
 */
export async function runDrills(options: RunDrillsOptions): Promise<Scorecard> {
  checkDrillOptions(options);
  const { signal, clock = systemClock } = options;
  const chosen = chooseDrills(options.drills, options.only);
  for (const drill of chosen) await checkLocalTargets(drill, options);
  const startedAtMs = clock.wallMs();
  const beganMs = clock.monotonicMs();
  const reports: DrillReport[] = [];
  let stopped: string | undefined;
  for (const drill of chosen) {
    if (signal?.aborted || stopped !== undefined) break;
    const drilled = await timed(drill, options, clock);
    reports.push(drilled.report);
    stopped = drilled.unsafe;
  }
  const counts = countRows(reports);
  const interrupted = signal?.aborted ?? false;
  return {
    passed: counts.missed === 0 && !interrupted && stopped === undefined,
    interrupted,
    ...(stopped !== undefined && { stopped }),
    startedAtMs,
    durationMs: Math.round(clock.monotonicMs() - beganMs),
    counts,
    drills: reports,
    notBegun: chosen.slice(reports.length).map(({ name }) => name),
  };
}

async function timed(
  drill: Drill,
  options: RunDrillsOptions,
  clock: Clock,
): Promise<{ report: DrillReport; unsafe: Drilled['unsafe'] }> {
  const beganMs = clock.monotonicMs();
  const { rows, unsafe } = await runDrill(drill, options, clock);
  const { name, about } = drill;
  return { report: { name, about, durationMs: Math.round(clock.monotonicMs() - beganMs), rows }, unsafe };
}

function countRows(reports: readonly DrillReport[]): ScoreCounts {
  const outcomes = reports.flatMap(({ rows }) => rows.map(({ outcome }) => outcome));
  const count = (wanted: string): number => outcomes.filter((outcome) => outcome === wanted).length;
  return { kept: count('kept'), missed: count('missed'), notMeasurable: count('not-measurable') };
}
