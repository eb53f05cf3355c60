import { checkOpenFiles } from './check-open-files';
import { planLoad } from './load-plan';
import { LoadRun } from './load-run';
import type { LoadOptions, LoadReport } from './load-types';
import { reachTarget } from './reach-target';
import { reportLoad } from './report-load';

/** A target that takes longer to take a connection is not there. */
const mostConnectMs = 10_000;

/**
 * Loads a target with virtual users and reports what it was like for them.
 *
 * Each user has a connection and a schedule of its own, which does not wait for answers: while the target stands still,
 * requests go on to be due, and their times count from then. So a pause is in the percentiles as long as it was, where a
 * generator that waits would have asked nothing during it ("coordinated omission", Gil Tene; see wrk2).
 *
 * With `signal` the run ends early, and what was measured until then is reported; requests under way are left out.
 *
 * @throws TypeError for options that are none
 * @throws OpsError `UNITE_OPS_LOAD_UNREACHABLE` when the target takes no connection. Later that is counted.
 * @example
 * const report = await runLoad({
 *   target: 'http://localhost:3000',
 *   requests: [{ path: '/contacts', weight: 9 }, { method: 'POST', path: '/contacts', body: { name: 'User {user}' } }],
 *   users: 1_000,
 *   objectives: { p95Ms: 200, errorRate: 0.001 },
 * });
 * console.log(formatLoadReport(report));
 */
export async function runLoad(options: LoadOptions): Promise<LoadReport> {
  const plan = planLoad(options);
  checkOpenFiles(plan.users);
  await reachTarget(plan.target, Math.min(plan.timeoutMs, mostConnectMs), plan.signal);
  return reportLoad(plan, await new LoadRun(plan).measure());
}
