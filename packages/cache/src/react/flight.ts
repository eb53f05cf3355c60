import type { Clock } from '@unite/core';
import { retryDelay } from './retry-delay';
import type { CacheRequest } from './store-types';

/** A request under way, with its retries. */
export interface Flight {
  /** Resolves when it has landed, failed for good or been aborted. Never rejects. */
  readonly done: Promise<void>;
  /** Ends it; nothing is reported any more, even if the fetcher pays no heed to its signal. */
  abort(): void;
  /** Ends the wait for the next attempt, if it waits. */
  wake(): void;
}

/** What is told about a flight that has not been aborted. */
export interface FlightReports {
  landed(data: unknown): void;
  failed(error: unknown, final: boolean): void;
}

/** Sends a request, again and again where it fails. The fetcher is called in a microtask. */
export function startFlight(
  { key, fetcher, options }: CacheRequest,
  { clock, random }: { readonly clock: Clock; readonly random: () => number },
  reports: FlightReports,
): Flight {
  const controller = new AbortController();
  const { signal } = controller;
  let nap: AbortController | undefined;

  return {
    // Rejects only with what `shouldRetry` throws.
    done: fly().catch((error) => reports.failed(error, true)),
    abort() {
      controller.abort();
      nap?.abort();
    },
    wake: () => nap?.abort(),
  };

  async function fly(): Promise<void> {
    for (let failures = 1; ; failures++) {
      // Not at once: a fetcher may mutate its own key, which aborts this flight only when it is known.
      await undefined;
      if (signal.aborted || (await attempt(failures))) return;
      nap = new AbortController();
      await clock.sleep(retryDelay(failures, options, random), nap.signal).catch(() => undefined);
    }
  }

  /** @returns whether it was the last one */
  async function attempt(failures: number): Promise<boolean> {
    let data: unknown;
    try {
      data = await fetcher(key, { signal });
    } catch (error) {
      if (signal.aborted) return true;
      const final = failures > options.retries || !options.shouldRetry(error, failures);
      reports.failed(error, final);
      return final;
    }
    if (!signal.aborted) reports.landed(data);
    return true;
  }
}
