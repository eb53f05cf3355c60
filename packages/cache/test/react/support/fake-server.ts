import type { CacheKey } from '../../../src/react';
import { settle } from './manual-clock';

/** A request that waits for its answer. */
export interface Call {
  readonly key: CacheKey;
  readonly signal: AbortSignal;
  answer(data: unknown): Promise<void>;
  fail(error: unknown): Promise<void>;
}

/** A fetcher whose requests a test answers one by one, in any order; it pays no heed to its signal. */
export function fakeServer() {
  const calls: Call[] = [];
  return {
    calls,
    /** @param index from the end where it is negative */
    call(index: number): Call {
      const call = calls.at(index);
      if (!call) throw new Error(`there is no request ${index} of ${calls.length}`);
      return call;
    },
    fetcher(key: CacheKey, { signal }: { signal: AbortSignal }): Promise<string> {
      return new Promise((resolve, reject) => {
        calls.push({
          key,
          signal,
          async answer(data) {
            resolve(data as string);
            await settle();
          },
          async fail(error) {
            reject(error);
            await settle();
          },
        });
      });
    },
  };
}
