import { checkOptions, expects, optionChecks } from '@unite/shared';
import type { CacheInternals } from '../internal-types';
import type { CacheDefinition, WarmOptions, WarmReport } from '../types';
import { wholeNumber } from '../whole-number';
import type { PopularReads } from './popular-reads';

type Task = () => Promise<unknown>;

const iterable = expects(
  'iterable',
  (value) => typeof (value as Iterable<unknown> | null)?.[Symbol.iterator] === 'function',
);

/** Loads ahead of the first read, and again and again where that is wanted. */
export async function warm<Params, Value>(
  definition: CacheDefinition<Params, Value>,
  popular: PopularReads<Params> | undefined,
  cache: CacheInternals,
  options: WarmOptions<Params>,
): Promise<WarmReport> {
  check();
  const signal = options.signal ? AbortSignal.any([cache.closed, options.signal]) : cache.closed;
  const report = await round((params) => definition.get(params, { signal }));
  if (options.everyMs !== undefined) void again(options.everyMs);
  return report;

  function check(): void {
    checkOptions(`${definition.name}.warm`, options, {
      entries: iterable,
      popular: wholeNumber,
      concurrency: wholeNumber,
      everyMs: optionChecks.positive,
      signal: optionChecks.object,
      onProgress: optionChecks.function,
    });
    if ((options.entries === undefined) === (options.popular === undefined)) {
      throw new TypeError(`${definition.name}.warm: one of "entries" and "popular" must be given`);
    }
    if (options.popular !== undefined && !popular) {
      throw new TypeError(`${definition.name}.warm: "popular" needs countReads: true in the definition`);
    }
  }

  /** Later rounds replace what is there without an interval of misses. */
  async function again(everyMs: number): Promise<void> {
    while (!signal.aborted) {
      await cache.backgroundClock.sleep(everyMs, signal).catch(() => undefined);
      if (!signal.aborted) await round((params) => definition.refresh(params, { signal }));
    }
  }

  async function round(load: (params: Params) => Promise<unknown>): Promise<WarmReport> {
    const tasks: Task[] = options.entries
      ? Array.from(options.entries, (params) => () => load(params))
      : ((await popular?.top(options.popular as number)) ?? []).map((inTenant) => () => inTenant(load));
    const progress = { total: tasks.length, done: 0, failed: 0 };
    const waiting = tasks.values();
    await Promise.all(Array.from({ length: options.concurrency ?? 4 }, work));
    return progress;

    async function work(): Promise<void> {
      for (const task of waiting) {
        if (signal.aborted) return;
        await task().catch(() => {
          progress.failed += 1;
        });
        progress.done += 1;
        options.onProgress?.({ ...progress });
      }
    }
  }
}
