import { setTimeout as sleep } from 'node:timers/promises';

const patienceMs = 60_000;

/**
 * Ends the current segment of the log, and waits until the archive has it.
 *
 * @param {import('pg').Client} client
 * @param {AbortSignal} signal
 * @returns {Promise<number>} how long that took, in milliseconds
 */
export async function waitForArchive(client, signal) {
  const beganMs = performance.now();
  const { rows } = await client.query('SELECT pg_walfile_name(pg_switch_wal()) AS file');
  const { file } = rows[0];
  for (;;) {
    const { rows: states } = await client.query(
      'SELECT last_archived_wal >= $1 AS done, last_failed_wal AS failed FROM pg_stat_archiver',
      [file],
    );
    if (states[0].done) return Math.round(performance.now() - beganMs);
    if (performance.now() - beganMs > patienceMs) {
      throw new Error(
        `${file} is not in the archive after ${patienceMs / 1_000} s; failed: ${states[0].failed}`,
      );
    }
    await sleep(50, undefined, { signal });
  }
}
