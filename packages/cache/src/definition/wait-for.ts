import { setMaxListeners } from 'node:events';
import type { Clock, UniteContext } from '@unite/core';
import { wakeAfter } from '@unite/shared';
import { CacheError } from '../errors';
import { onAbort } from './on-abort';

/** What ends a caller's wait: his request's deadline, its signal, or one of his own. */
export interface Limits {
  readonly signals: readonly AbortSignal[];
  readonly deadlineAtMs: number | undefined;
}

export function limitsOf(context: UniteContext | undefined, signal: AbortSignal | undefined): Limits {
  const signals = [context?.signal, signal].filter((each) => each !== undefined);
  return { signals, deadlineAtMs: context?.deadlineAtMs };
}

/**
 * A promise within a caller's limits. What it stands for goes on.
 *
 * @throws CacheError `UNITE_CACHE_ABORTED`, `UNITE_CACHE_DEADLINE_EXCEEDED`
 */
export function waitFor<Value>(promise: Promise<Value>, limits: Limits, clock: Clock): Promise<Value> {
  const { signals, deadlineAtMs } = limits;
  if (signals.length === 0 && deadlineAtMs === undefined) return promise;
  return new Promise((resolve, reject) => {
    const gone = signals.find((signal) => signal.aborted);
    if (gone) return reject(aborted(gone));
    const leftMs = deadlineAtMs === undefined ? Number.POSITIVE_INFINITY : deadlineAtMs - clock.wallMs();
    if (leftMs <= 0) return reject(late());
    const stops = signals.map((signal) => {
      // One request may read much at a time, which Node would take for a leak.
      setMaxListeners(0, signal);
      return onAbort(signal, () => giveUp(aborted(signal)));
    });
    if (deadlineAtMs !== undefined) stops.push(wakeAfter(clock, leftMs, () => giveUp(late())));
    promise.then((value) => {
      finish();
      resolve(value);
    }, giveUp);

    function giveUp(error: unknown): void {
      finish();
      reject(error);
    }

    function finish(): void {
      for (const stop of stops) stop();
    }
  });
}

function aborted(signal: AbortSignal): CacheError {
  return new CacheError('UNITE_CACHE_ABORTED', 'the request was aborted', { cause: signal.reason });
}

function late(): CacheError {
  return new CacheError('UNITE_CACHE_DEADLINE_EXCEEDED', "the request's deadline has passed");
}
