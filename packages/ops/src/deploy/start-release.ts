import { OpsError } from '../errors';
import type { DeploySlot, ReleaseProcess } from './deploy-types';
import type { DeployPlan } from './plan-deploy';
import type { SlotProcesses } from './slot-processes';
import { startCommand } from './start-command';

/**
 * Starts the new release, by its command or by the caller's function.
 *
 * @throws OpsError `UNITE_OPS_DEPLOY_FAILED` when the function takes too long; what it throws; the signal's reason
 */
export async function startRelease(
  plan: DeployPlan,
  slot: DeploySlot,
  processes: SlotProcesses,
  signal: AbortSignal,
): Promise<ReleaseProcess> {
  const { start, readiness } = plan;
  if (typeof start !== 'function') return startCommand(start, slot, plan, processes);
  const { timeoutMs } = readiness;
  const timeUp = new AbortController();
  const timer = setTimeout(
    () => timeUp.abort(late(`the new release was not started within ${timeoutMs.toLocaleString('en')} ms`)),
    timeoutMs,
  );
  const ended = AbortSignal.any([signal, timeUp.signal]);
  const wait = new AbortController();
  try {
    ended.throwIfAborted();
    const starting = start(slot, ended);
    return await Promise.race([starting, rejectionOf(ended, starting, wait.signal)]);
  } finally {
    clearTimeout(timer);
    wait.abort();
  }
}

/** What was started all the same is not wanted any more. */
function rejectionOf(
  ended: AbortSignal,
  starting: Promise<ReleaseProcess>,
  waitEnds: AbortSignal,
): Promise<never> {
  return new Promise((_, reject) => {
    const giveUp = (): void => {
      starting.then((release) => release.stop()).catch(() => {});
      reject(ended.reason);
    };
    ended.addEventListener('abort', giveUp, { once: true, signal: waitEnds });
  });
}

function late(message: string): OpsError {
  return new OpsError('UNITE_OPS_DEPLOY_FAILED', message);
}
