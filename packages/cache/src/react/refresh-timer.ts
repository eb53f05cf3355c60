import type { Clock } from '@unite/core';
import { maxTimerMs } from '@unite/shared';
import type { CacheSettings } from './store-types';
import { isPageHidden } from './watch-page';

type Wish = Pick<CacheSettings, 'refreshEveryMs' | 'refreshWhenHidden'>;

/**
 * The interval of one key: a single timer, whatever the number of components.
 *
 * @returns sets the timer anew: `wishes` is what the components want, none stops it; `settledAtMs` is when
 *   the last request was through
 */
export function refreshTimer(clock: Clock, refresh: () => void) {
  let waiting: AbortController | undefined;

  return (wishes: readonly Wish[], settledAtMs: number): void => {
    waiting?.abort();
    const everyMs = Math.min(...wishes.map(({ refreshEveryMs }) => refreshEveryMs || Infinity));
    if (everyMs === Infinity) return;
    waiting = new AbortController();
    // Bounded on both sides: the machine's time may have been set anew.
    const restMs = Math.max(0, Math.min(everyMs, settledAtMs + everyMs - clock.wallMs()));
    clock.sleep(Math.min(restMs, maxTimerMs), waiting.signal).then(
      () => {
        if (!isPageHidden() || wishes.some(({ refreshWhenHidden }) => refreshWhenHidden)) refresh();
      },
      () => undefined,
    );
  };
}
