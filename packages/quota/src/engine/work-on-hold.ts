import type { Hold, ReserveRequest } from '../types';
import type { OpenHold } from './open-hold';

/**
 * Runs the work and settles: what it did not commit is charged at the estimate. When it throws, or the time is up, the
 * request's policy decides; work that goes on after that settles when it has ended.
 */
export async function workOnHold<Result>(
  hold: OpenHold,
  work: (hold: Hold) => Promise<Result> | Result,
  { onError = 'release', onTimeout = 'charge' }: Pick<ReserveRequest, 'onError' | 'onTimeout'>,
): Promise<Result> {
  const { signal } = hold;
  if (signal.aborted) {
    // Nothing has begun, so nothing can have been paid.
    await settleBy(hold, 'release');
    throw signal.reason;
  }
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  const working = (async () => work(hold))();
  try {
    const result = await Promise.race([working, aborted]);
    if (!hold.isSettled) await hold.commit({});
    return result;
  } catch (error) {
    const settle = () => settleBy(hold, signal.aborted ? onTimeout : onError);
    if (signal.aborted) working.then(settle, settle);
    else await settle();
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** The error of the work is what matters; a settlement that fails stays charged at the estimate. */
async function settleBy(hold: OpenHold, policy: 'release' | 'charge'): Promise<void> {
  if (hold.isSettled) return;
  await (policy === 'release' ? hold.release() : hold.commit({})).catch(() => undefined);
}
