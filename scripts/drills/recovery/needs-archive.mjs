/**
 * Scores that nothing can be measured where the log is not kept.
 *
 * @param {import('@unite/services').PostgresCluster} postgres
 * @param {string} promise
 * @param {import('@unite/ops/drill').DrillRun} run
 */
export function needsArchive({ archiveDirectory }, promise, run) {
  if (archiveDirectory !== undefined) return false;
  const measured = 'PostgreSQL keeps no archive of its log here; start it with the option "archive"';
  run.score({ promise, measured, outcome: 'not-measurable' });
  return true;
}
