import type { CacheInternals } from '../internal-types';
import type { Receipt } from '../types';
import type { Filled } from './flight';

type Served<Value> = Pick<Filled<Value>, 'value' | 'loadedAtMs' | 'confirmedAtMs' | 'isStale'> &
  Pick<Receipt<Value>, 'layer' | 'tags'>;

/** What a read may say of its value. */
export function receiptOf<Value>({ clock, view }: CacheInternals, served: Served<Value>): Receipt<Value> {
  const { value, layer, isStale, tags, loadedAtMs, confirmedAtMs } = served;
  // Another machine's clock may be ahead.
  const ageMs = Math.max(0, clock.wallMs() - loadedAtMs);
  const confirmedMsAgo = Math.max(0, clock.monotonicMs() - Math.max(confirmedAtMs, view.syncedAtMs));
  return { value, layer, ageMs, staleBoundMs: isStale ? ageMs : confirmedMsAgo, isStale, tags };
}
