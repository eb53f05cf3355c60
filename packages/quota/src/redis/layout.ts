import { maxAmount } from '../store/max-amount';
import type { StoreLimit } from '../store/store-types';

/** What a script is told of some limits, made once. */
export interface Layout {
  /**
   * Names and format of the state, then each limit's kind, cap, first and second: the beginning of a list in JSON. As
   * many words as they would else be cost a client several microseconds; Redis reads one as fast.
   */
  readonly opening: string;
  /** All counters, as a hold remembers them. */
  readonly counters: string;
  /** Counters whose places are leases. */
  readonly leased: readonly string[];
}

/** How scripts call the kinds. */
const kinds = { quota: 'q', rate: 'r', concurrency: 'c', backoff: 'b' } as const;

const layouts = new WeakMap<readonly StoreLimit[], Layout>();

/** The layout of limits, of which the same array comes again and again. */
export function layoutOf(limits: readonly StoreLimit[]): Layout {
  let layout = layouts.get(limits);
  if (!layout) {
    layout = createLayout(limits);
    layouts.set(limits, layout);
  }
  return layout;
}

function createLayout(limits: readonly StoreLimit[]): Layout {
  const counted = limits.filter(({ kind }) => kind !== 'concurrency');
  const list = JSON.stringify([
    `\n${namesOf(counted)}\n`,
    `<${'d'.repeat(2 + 3 * counted.length)}`,
    ...limits.flatMap(({ kind, cap, first, second }) => [
      kinds[kind],
      Math.min(cap, maxAmount),
      first,
      second,
    ]),
  ]);
  return {
    opening: list.slice(0, -1),
    counters: namesOf(limits),
    leased: limits.filter(({ kind }) => kind === 'concurrency').map(({ counter }) => counter),
  };
}

/** Counters of several kinds may have one name. */
function namesOf(limits: readonly StoreLimit[]): string {
  return limits.map(({ kind, counter }) => kinds[kind] + counter).join(',');
}
