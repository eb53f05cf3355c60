import { connect } from './connect.mjs';

/**
 * A connection to whichever node is the primary now: an earlier drill may have promoted another one.
 *
 * @param {import('@unite/services').PostgresCluster} postgres
 * @param {import('@unite/ops/drill').DrillRun} run
 */
export async function connectToPrimary({ nodes, ca }, run) {
  for (const { url, pid } of nodes) {
    if (pid === undefined) continue;
    const client = await connect(url, ca, run);
    const { rows } = await client.query('SELECT pg_is_in_recovery() AS standby');
    if (!rows[0].standby) return { client, url };
  }
  throw new Error('none of the nodes is a primary');
}
