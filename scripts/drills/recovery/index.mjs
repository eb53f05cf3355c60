import { pointInTime } from './point-in-time.mjs';
import { restoreBackup } from './restore-backup.mjs';
import { restoreDump } from './restore-dump.mjs';

/**
 * The drills of disaster recovery, on a cluster that keeps its log (`startPostgres({ archive: true })`), whoever writes
 * to it meanwhile.
 *
 * @param {{ postgres: import('@unite/services').PostgresCluster }} options
 * @returns {import('@unite/ops/drill').Drill[]}
 */
export function recoveryDrills({ postgres }) {
  return [restoreBackup(postgres), pointInTime(postgres), restoreDump(postgres)];
}
