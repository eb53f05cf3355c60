import type { Clock } from '@unite/core';
import { currentContext, deriveContext, runWithContext } from '@unite/core/context';
import { wakeAfter } from '@unite/shared';
import { seeToken } from '../database-token';
import { CacheError } from '../errors';
import type { LogCheck } from '../log/log-types';
import type { DatabaseSession, LoadCall } from '../types';
import { onAbort } from './on-abort';

interface LoaderRun<Value> {
  readonly definition: string;
  readonly load: (call: LoadCall) => Promise<Value> | Value;
  /** Ends it early, and with it whoever waits. */
  readonly controller: AbortController;
  readonly timeoutMs: number;
  readonly delayMs: number;
  readonly check: Pick<LogCheck, 'invalidatedMsAgo' | 'token'>;
  readonly database: DatabaseSession | undefined;
  readonly clock: Clock;
}

/**
 * Runs a loader for all who wait: in the context of the one who came first, but not under his deadline, and reading
 * from a database node that has seen the write behind the last invalidation.
 *
 * @throws CacheError `UNITE_CACHE_LOAD_TIMEOUT`, and whatever the loader throws
 */
export function runLoader<Value>(run: LoaderRun<Value>): Promise<Value> {
  const { clock, check, timeoutMs, delayMs, controller } = run;
  const { signal } = controller;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const callOff = wakeAfter(clock, timeoutMs, () => controller.abort(late()));
    const stop = onAbort(signal, () => giveUp(signal.reason));
    load().then((value) => {
      finish();
      resolve(value);
    }, giveUp);

    function giveUp(error: unknown): void {
      finish();
      reject(error);
    }

    function finish(): void {
      callOff();
      stop();
    }
  });

  async function load(): Promise<Value> {
    if (check.invalidatedMsAgo < delayMs) await clock.sleep(delayMs - check.invalidatedMsAgo, signal);
    const context = currentContext();
    const changes = { signal, deadlineAtMs: undefined };
    return context ? runWithContext(deriveContext(context, changes), callLoader) : callLoader();
  }

  async function callLoader(): Promise<Value> {
    seeToken(run.database, check.token);
    return run.load({ signal, invalidatedMsAgo: check.invalidatedMsAgo });
  }

  function late(): CacheError {
    const text = `${run.definition}: the loader took longer than loadTimeoutMs, ${timeoutMs}`;
    return new CacheError('UNITE_CACHE_LOAD_TIMEOUT', text);
  }
}
