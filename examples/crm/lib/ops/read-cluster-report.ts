import { requirePermission } from '../current-session';
import { db } from '../unite';
import type { ClusterReport } from './cluster-report';

/**
 * What is known of the cluster, without asking it: watching is no load.
 *
 * @throws ProblemError `sign-in-required` or `forbidden`
 */
export async function readClusterReport(): Promise<ClusterReport> {
  requirePermission('read ops');
  // A process that has not served anything yet knows nothing yet.
  if (db.status().nodes.every(({ state }) => state === 'unknown'))
    await db.ready({ timeoutMs: 1_000 }).catch(() => undefined);
  return { atMs: Date.now(), cluster: db.status() };
}
