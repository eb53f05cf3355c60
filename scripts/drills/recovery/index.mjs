import { pointInTime } from './point-in-time.mjs';
import { restoreBackup } from './restore-backup.mjs';
import { restoreDump } from './restore-dump.mjs';

/**
 * A drill, before there is a cluster to play it on.
 *
 * @typedef {Omit<import('@unite/ops/drill').Drill, 'targets' | 'run'> & {
 *   run(on: { postgres: import('@unite/services').PostgresCluster }, run: import('@unite/ops/drill').DrillRun): Promise<void>
 * }} RecoveryDrill
 */

/** The drills of disaster recovery. @type {readonly RecoveryDrill[]} */
export const recoveryGameDays = [restoreBackup, pointInTime, restoreDump];

/**
 * The same on a cluster that keeps its log (`startPostgres({ archive: true })`), whoever writes to it meanwhile.
 *
 * @param {{ postgres: import('@unite/services').PostgresCluster }} on
 * @returns {import('@unite/ops/drill').Drill[]}
 */
export function recoveryDrills(on) {
  return recoveryGameDays.map((drill) => ({
    ...drill,
    targets: on.postgres.nodes.map(({ url }) => url),
    run: (run) => drill.run(on, run),
  }));
}
