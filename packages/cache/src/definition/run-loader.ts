import type { Clock } from '@unite/core';
import { currentContext, deriveContext, runWithContext } from '@unite/core/context';
import { textOf } from '../entry/entry-codec';
import { CacheError } from '../errors';
import type { LogCheck } from '../log/log-types';
import type { DatabaseSession, LoadCall } from '../types';
import { ended } from './ended';
import { onAbort } from './on-abort';

interface LoaderRun<Value> {
  readonly definition: string;
  readonly load: (call: LoadCall) => Promise<Value> | Value;
  /** Ends it early, and with it whoever waits. */
  readonly signal: AbortSignal;
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
  const { clock, check, timeoutMs, delayMs } = run;
  const end = new AbortController();
  return new Promise((resolve, reject) => {
    const { signal } = run;
    if (signal.aborted) return reject(signal.reason);
    const stop = onAbort(signal, () => giveUp(signal.reason));
    const text = `${run.definition}: the loader took longer than loadTimeoutMs, ${timeoutMs}`;
    clock
      .sleep(timeoutMs, end.signal)
      .then(() => giveUp(new CacheError('UNITE_CACHE_LOAD_TIMEOUT', text)), ignore);
    load()
      .then(resolve, reject)
      .finally(() => finish());

    function giveUp(reason: unknown): void {
      reject(reason);
      finish(reason);
    }

    function finish(reason: unknown = ended): void {
      stop();
      end.abort(reason);
    }
  });

  async function load(): Promise<Value> {
    if (check.invalidatedMsAgo < delayMs) await clock.sleep(delayMs - check.invalidatedMsAgo, end.signal);
    const context = currentContext();
    const changes = { signal: end.signal, deadlineAtMs: undefined };
    return context ? runWithContext(deriveContext(context, changes), callLoader) : callLoader();
  }

  async function callLoader(): Promise<Value> {
    if (check.token) run.database?.advanceSession(textOf.unpack(check.token) as never);
    return run.load({ signal: end.signal, invalidatedMsAgo: check.invalidatedMsAgo });
  }
}

function ignore(): void {}
