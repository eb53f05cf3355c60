import type { StoreLimit } from '../store-types';
import { BackoffCounter } from './backoff-counter';
import { ConcurrencyCounter } from './concurrency-counter';
import type { Counter } from './counter-types';
import { QuotaCounter } from './quota-counter';
import { RateCounter } from './rate-counter';

const classes = {
  quota: QuotaCounter,
  rate: RateCounter,
  concurrency: ConcurrencyCounter,
  backoff: BackoffCounter,
};

/** A counter of which nothing was used yet. */
export function createCounter({ kind, counter }: StoreLimit): Counter {
  return new classes[kind](counter);
}
