import { getHeapStatistics } from 'node:v8';
import { checkOptions, expects } from '@unite/shared';
import type { HealthCheck } from '../health/health-types';
import type { CheckOptions } from './check-types';
import { commonChecks, defineCheck } from './define-check';

/** Options of `heapCheck`. */
export interface HeapCheckOptions extends CheckOptions {
  /** Share of V8's heap that may be in use, 0 to 1. At 1 the process ends for want of memory. */
  readonly maxUsedRatio: number;
}

const isShare = expects(
  'a number above 0, at most 1',
  (value) => typeof value === 'number' && value > 0 && value <= 1,
);

/**
 * Whether V8's heap has room left below `--max-old-space-size`. What is garbage, and not yet collected, counts as used:
 * leave it room, with a ratio of 0.9 or more.
 *
 * @throws TypeError for options that are none
 * @example
 * heapCheck({ maxUsedRatio: 0.95 })
 */
export function heapCheck(options: HeapCheckOptions): HealthCheck {
  checkOptions('heapCheck', options, { ...commonChecks, maxUsedRatio: isShare }, ['maxUsedRatio']);
  return defineCheck(options, () => {
    const { used_heap_size, heap_size_limit } = getHeapStatistics();
    const ratio = used_heap_size / heap_size_limit;
    return {
      status: ratio > options.maxUsedRatio ? 'down' : 'up',
      detail: `${(ratio * 100).toFixed(0)} % of the heap in use`,
    };
  });
}
