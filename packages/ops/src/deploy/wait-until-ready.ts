import { systemClock } from '@unite/shared';
import { errorLine } from '../describe-error';
import { OpsError } from '../errors';
import type { DeploySlot } from './deploy-types';
import type { DeployPlan } from './plan-deploy';

/** A release that accepts and never answers is asked again, in milliseconds. */
const answerMs = 2_000;

/**
 * Asks the new release for its readiness until it has said yes so many times in a row.
 *
 * @throws OpsError `UNITE_OPS_DEPLOY_FAILED` with what it said last; the signal's reason
 */
export async function waitUntilReady(
  slot: DeploySlot,
  { scheme, readiness }: DeployPlan,
  signal: AbortSignal,
): Promise<string> {
  const { path, times, intervalMs, timeoutMs } = readiness;
  const url = `${originOf(slot, scheme)}${path}`;
  const startedMs = performance.now();
  let inARow = 0;
  let last: string | undefined;
  while (inARow < times) {
    const leftMs = timeoutMs - (performance.now() - startedMs);
    if (leftMs <= 0) {
      throw new OpsError(
        'UNITE_OPS_DEPLOY_FAILED',
        `the new release was not ready within ${timeoutMs.toLocaleString('en')} ms: ${url}: ${last ?? 'it was never asked'}`,
      );
    }
    const answer = await ask(url, Math.min(answerMs, leftMs), signal);
    inARow = answer === undefined ? inARow + 1 : 0;
    // That the last question was cut short tells less than what was answered before.
    const isOver = performance.now() - startedMs >= timeoutMs;
    last = isOver ? (last ?? answer) : (answer ?? last);
    if (inARow < times) await systemClock.sleep(intervalMs, signal);
  }
  return `${url} answered 200, ${times} times in a row`;
}

/** `http://[::1]:3000` */
export function originOf({ host, port }: DeploySlot, scheme: DeployPlan['scheme']): string {
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** @returns nothing when it is ready, else what is wrong */
async function ask(url: string, timeoutMs: number, signal: AbortSignal): Promise<string | undefined> {
  try {
    const timeUp = AbortSignal.timeout(Math.ceil(timeoutMs));
    const response = await fetch(url, { signal: AbortSignal.any([signal, timeUp]), redirect: 'manual' });
    await response.body?.cancel();
    return response.status === 200 ? undefined : `status ${response.status}`;
  } catch (error) {
    signal.throwIfAborted();
    return errorLine(error);
  }
}
