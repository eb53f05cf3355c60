import { lockDeploy } from './deploy-lock';
import type { DeployOptions, DeployReport } from './deploy-types';
import { findSlots } from './find-slots';
import { checkedServers } from './haproxy/checked-servers';
import { haproxyControl } from './haproxy/haproxy-control';
import { planDeploy } from './plan-deploy';
import { RollOut } from './roll-out';

/**
 * Deploys a release behind HAProxy: starts it in the free slot, waits until it is ready, sends it a share of the users,
 * compares it with the running release by the proxy's own counters, and moves all users to it or none.
 *
 * Whatever goes wrong once it has been started, and an abort of `signal`, too: users go back to the old release, the new
 * one is stopped, and the report says why.
 *
 * @throws TypeError for options that are none
 * @throws OpsError before anything was changed: `UNITE_OPS_PROXY_UNUSABLE`; `UNITE_OPS_DEPLOY_REFUSED` when nobody can
 * say which slot is active, or another deployment is under way
 * @example
 * const report = await deploy({
 *   proxy: { socket: '/run/haproxy/admin.sock', backend: 'app' },
 *   start: { command: ['node', 'server.js'] },
 *   release: '1.4.2',
 * });
 * console.log(formatDeployReport(report));
 * process.exitCode = report.outcome === 'promoted' ? 0 : 1;
 */
export async function deploy(options: DeployOptions): Promise<DeployReport> {
  const plan = planDeploy(options);
  const proxy = haproxyControl(plan.proxy);
  await proxy.check();
  const unlock = lockDeploy(plan.proxy);
  try {
    const slots = findSlots(await checkedServers(proxy, plan.signal), plan);
    const rollOut = new RollOut(plan, proxy, slots);
    return plan.dryRun ? rollOut.planned() : await rollOut.run();
  } finally {
    unlock();
  }
}
