import type { NamedLimit } from '../plan/plan-types';
import type { StoreLimit } from '../store/store-types';
import type { Asked } from './decision';
import { quotaCap } from './limit-set';

/** When a place may be free again, nobody knows. */
const placeRetryMs = 1_000;

/** How long until the same amount may pass; `null` for never. */
export function waitOf({ set, reply, amounts }: Asked, index: number): number | null {
  const limit = set.limits[index] as NamedLimit;
  const amount = amounts[index] as number;
  const value = reply.values[index] as number;
  switch (limit.kind) {
    case 'quota': {
      if (amount > quotaCap(limit)) return null;
      const endAtMs = set.periods[index]?.endAtMs as number;
      return Math.max(1, Math.ceil(endAtMs - reply.nowUs / 1_000));
    }
    case 'rate': {
      // What the store was asked with: while it is away, this process has a share of the burst.
      const { cap, first } = set.forStore[index] as StoreLimit;
      if (amount > cap) return null;
      const opensUs = Math.max(value, reply.nowUs) + (amount - cap) * first;
      return Math.max(1, Math.ceil((opensUs - reply.nowUs) / 1_000));
    }
    case 'concurrency':
      return limit.limit === 0 ? null : placeRetryMs;
  }
}
